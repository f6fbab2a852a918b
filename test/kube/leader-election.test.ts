import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Lease, leases } from "../../kube/cluster-kinds.ts";
import { startLeaderElection } from "../../kube/leader-election.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { Candidate, LOCK, skewed } from "./candidate.ts";
import { clusterKinds } from "./cluster-kinds.ts";
import { type Fate, LossyApi, prompt } from "./lossy-api.ts";

const HOUR = 3_600_000;
const lostRequest: Fate = { ...prompt, lost: "request" };
const lostReply: Fate = { ...prompt, lost: "reply" };
const stuck: Fate = { ...prompt, requestMilliseconds: HOUR };

describe("leader election", () => {
  let clock: FakeClock;
  let api: InMemoryApi;
  let fates: Map<string, Fate>;
  let candidates: Candidate[];

  const candidate = (identity: string, skew = 0): Candidate => {
    const way = new LossyApi(api, clock, () => fates.get(identity) ?? prompt);
    const made = new Candidate(way, skewed(clock, skew), identity);
    candidates.push(made);
    return made;
  };
  const lease = (): Promise<Lease> => api.get(leases, LOCK);
  const holder = async () => (await lease()).spec?.holderIdentity;

  beforeEach(() => {
    clock = new FakeClock();
    api = new InMemoryApi({ kinds: clusterKinds, clock });
    fates = new Map();
    candidates = [];
  });
  afterEach(async () => {
    fates.clear();
    const stopping = Promise.all(candidates.map(({ election }) => election.stop()));
    await clock.advance(2 * HOUR);
    await stopping;
    expect(clock.pending).toBe(0);
  });

  test("the first candidate leads, and writes the lease as the Kubernetes API has it", async () => {
    const one = candidate("one");
    await settle();
    expect(one.election.isLeader()).toBe(true);
    expect((await lease()).spec).toEqual({
      ...{ holderIdentity: "one", leaseDurationSeconds: 15, leaseTransitions: 0 },
      ...{ acquireTime: "2026-11-21T12:00:00.000000Z", renewTime: "2026-11-21T12:00:00.000000Z" },
    });
  });

  test("a leader renews every two seconds, and the second one waits for as long as it does", async () => {
    const one = candidate("one");
    await settle();
    const two = candidate("two");
    await clock.advance(HOUR);
    expect([one.heard, two.heard]).toEqual([["started"], []]);
    expect((await lease()).spec?.renewTime).toBe("2026-11-21T13:00:00.000000Z");
  });

  test("two that begin at once: one leads", async () => {
    const both = [candidate("one"), candidate("two")];
    await clock.advance(60_000);
    expect(both.map(({ heard }) => heard).sort()).toEqual([[], ["started"]]);
  });

  test("two that take over at once: one leads", async () => {
    const gone = candidate("gone");
    await settle();
    const both = [candidate("one"), candidate("two")];
    await settle();
    fates.set("gone", lostRequest);
    await clock.advance(60_000);
    expect(gone.heard).toEqual(["started", "stopped"]);
    expect(both.map(({ heard }) => heard).sort()).toEqual([[], ["started"]]);
    expect((await lease()).spec?.leaseTransitions).toBe(1);
  });

  test("a leader that cannot renew stops after 10 seconds, before the other one may begin after 15", async () => {
    const one = candidate("one");
    await settle();
    const two = candidate("two");
    await settle();
    fates.set("one", lostRequest);
    await clock.advance(9_999);
    expect(one.signal?.aborted).toBe(false);
    await clock.advance(1);
    expect(one.heard).toEqual(["started", "stopped"]);
    expect(one.signal?.aborted).toBe(true);
    await clock.advance(4_999);
    expect(two.heard).toEqual([]);
    await clock.advance(5_000);
    expect(two.heard).toEqual(["started"]);
  });

  test("a leader whose renewal is stuck stops in time too", async () => {
    const one = candidate("one");
    await settle();
    fates.set("one", stuck);
    await clock.advance(11_999);
    expect(one.election.isLeader()).toBe(false);
    expect(one.heard).toEqual(["started", "stopped"]);
  });

  test("a leader that lost the lease stands again, once what it did has ended", async () => {
    const one = candidate("one");
    await settle();
    const ending = Promise.withResolvers<void>();
    one.ending = () => ending.promise;
    fates.set("one", lostRequest);
    await clock.advance(20_000);
    fates.delete("one");
    await clock.advance(HOUR);
    expect(one.heard).toEqual(["started", "stopped"]);
    ending.resolve();
    await clock.advance(20_000);
    expect(one.heard).toEqual(["started", "stopped", "started"]);
  });

  test("one whose work did not end well stands again too", async () => {
    const one = candidate("one");
    await settle();
    one.ending = () => Promise.reject(new Error("as the test said"));
    fates.set("one", { ...lostRequest, requestMilliseconds: 15_000 });
    await clock.advance(20_000);
    fates.delete("one");
    await clock.advance(20_000);
    expect(one.heard).toEqual(["started", "stopped", "started"]);
  });

  test("a failed renewal or two does not end it", async () => {
    const one = candidate("one");
    await settle();
    fates.set("one", lostReply);
    await clock.advance(7_000);
    fates.delete("one");
    await clock.advance(HOUR);
    expect(one.heard).toEqual(["started"]);
  });

  test("who was given the lease without hearing of it takes it at the next attempt", async () => {
    fates.set("one", lostReply);
    const one = candidate("one");
    await settle();
    expect(one.election.isLeader()).toBe(false);
    fates.delete("one");
    await clock.advance(5_000);
    expect(one.heard).toEqual(["started"]);
  });

  test.each([-HOUR, HOUR])("clocks that differ by %i ms make no difference", async (skew) => {
    const one = candidate("one", skew);
    await settle();
    const two = candidate("two");
    await clock.advance(60_000);
    expect([one.heard, two.heard]).toEqual([["started"], []]);
  });

  test("a leader that stops gives the lease back, and the other one need not wait for it to expire", async () => {
    const one = candidate("one");
    await settle();
    const two = candidate("two");
    await settle();
    await one.election.stop();
    expect(await holder()).toBe("");
    expect(one.signal?.aborted).toBe(true);
    await clock.advance(5_000);
    expect(two.heard).toEqual(["started"]);
    expect(one.heard).toEqual(["started"]);
  });

  test("a candidate that stops leaves the leader's lease alone", async () => {
    candidate("one");
    await settle();
    await candidate("two").election.stop();
    expect(await holder()).toBe("one");
  });

  test("a leader whose lease another has taken by force stops, and does not take it back", async () => {
    const one = candidate("one");
    await settle();
    const { apiVersion, kind, spec } = await lease();
    const taken = { apiVersion, kind, metadata: LOCK, spec: { ...spec, holderIdentity: "two" } };
    await api.apply(leases, taken, { fieldManager: "two", force: true });
    await clock.advance(14_000);
    expect(one.heard).toEqual(["started", "stopped"]);
    expect(await holder()).toBe("two");
  });

  test("a lease that is there without a holder is taken", async () => {
    await api.create(leases, { apiVersion: leases.apiVersion, kind: leases.kind, metadata: LOCK });
    const one = candidate("one");
    await settle();
    expect(one.heard).toEqual(["started"]);
  });

  test("a time of leading that is not shorter than the lease is refused", () => {
    const options = {
      api,
      clock,
      ...LOCK,
      identity: "one",
      log: console,
      onStartedLeading() {},
      onStoppedLeading() {},
    };
    expect(() => startLeaderElection({ ...options, renewSeconds: 15 })).toThrow(RangeError);
  });
});
