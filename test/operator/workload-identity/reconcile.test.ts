import { describe, expect, test } from "vitest";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import { identityName } from "../../../operator/workload-identity/identity-name.ts";
import { type Observed, reconcileWorkloadIdentity } from "../../../operator/workload-identity/reconcile.ts";
import type { Workload } from "../../../operator/workload-identity/workload.ts";
import { systemAssigned } from "../../identity/builders.ts";
import { workload } from "../builders.ts";

const noon = "2026-11-21T12:00:00Z";
const HOUR = 3_600_000;
const web = workload();
const own = systemAssigned(web.metadata.uid, { name: identityName(web) });
const earlier = systemAssigned("an-earlier-uid", { name: "deployment-web-0123456789" });
const forged = systemAssigned(web.metadata.uid, { name: "mine" });
const going = { ...earlier, metadata: { ...earlier.metadata, deletionTimestamp: noon } };

/** As the operator holds it until its deletion. */
function held(until: number, disabled = true): ManagedIdentity {
  const annotations = { "lanyard.dev/delete-after": new Date(until).toISOString() };
  return { ...own, metadata: { ...own.metadata, annotations }, spec: { ...own.spec, disabled } };
}

function reconciled(
  workload: Workload | undefined,
  identities: readonly ManagedIdentity[],
  rest: Partial<Observed> = {},
) {
  const observed = { workload, workloadText: "Deployment shop/web", identities, nameIsTaken: false, ...rest };
  return reconcileWorkloadIdentity(observed, { now: Date.parse(noon), graceMs: HOUR });
}

describe("a workload that asks for an identity", () => {
  test("gets one that belongs to it, and goes with it", () => {
    const { create } = reconciled(web, []);
    const reference = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: web.metadata.uid };
    expect(create).toMatchObject({
      kind: "ManagedIdentity",
      metadata: { namespace: "shop", name: identityName(web), ownerReferences: [reference] },
      spec: { type: "SystemAssigned", workload: reference },
    });
  });

  test("gets no second one", () => {
    const { create, remove } = reconciled(web, [own]);
    expect({ create, remove }).toEqual({ create: undefined, remove: [] });
  });

  test("does not get that of an earlier workload of its name", () => {
    const { create, remove } = reconciled(web, [earlier]);
    expect(create?.metadata.name).toBe(identityName(web));
    expect(remove).toMatchObject([{ identity: earlier, because: { code: "WorkloadGone" } }]);
  });

  test("does not get a ManagedIdentity that somebody made under its name", () => {
    const { create, remove, warning } = reconciled(web, [], { nameIsTaken: true });
    expect({ create, remove }).toEqual({ create: undefined, remove: [] });
    expect(warning?.code).toBe("NameTaken");
  });
});

describe("a system-assigned identity is deleted", () => {
  test.each([
    { when: "when its workload is gone", now: undefined, because: "WorkloadGone" },
    { when: "when its workload is being deleted", now: workload({ deletionTimestamp: noon }), because: "WorkloadGone" },
    { when: "when another took its name", now: workload({ uid: "another" }), because: "WorkloadGone" },
  ])("$when", ({ now, because }) => {
    expect(reconciled(now, [own]).remove).toMatchObject([{ identity: own, because: { code: because } }]);
  });

  test.each([
    ["the annotation is removed", workload({ systemAssigned: undefined })],
    ["the annotation says false", workload({ systemAssigned: "false" })],
    ["a controller took over", workload({ owner: { controller: true } })],
  ])("when %s, after the grace period", (_, now) => {
    const until = Date.parse(noon) + HOUR;
    expect(reconciled(now, [own])).toEqual({ remove: [], lookAt: until, hold: { identity: own, until } });
    expect(reconciled(now, [held(until)])).toEqual({ remove: [], lookAt: until });
    const over = held(Date.parse(noon));
    expect(reconciled(now, [over]).remove).toMatchObject([{ identity: over, because: { code: "AnnotationRemoved" } }]);
  });

  test("not later than the grace period, whatever somebody writes, and not while it is enabled", () => {
    const now = workload({ systemAssigned: undefined });
    const until = Date.parse(noon) + HOUR;
    const later = held(until + HOUR);
    expect(reconciled(now, [later]).hold).toEqual({ identity: later, until });
    const enabled = held(until, false);
    expect(reconciled(now, [enabled]).hold).toEqual({ identity: enabled, until });
  });

  test("but not when the annotation returns: then it is released", () => {
    const identity = held(Date.parse(noon) + HOUR);
    expect(reconciled(web, [identity])).toEqual({ remove: [], release: identity });
  });

  test("when the operator did not make it", () => {
    const { create, remove } = reconciled(web, [own, forged]);
    expect(create).toBeUndefined();
    expect(remove).toMatchObject([{ identity: forged, because: { code: "NotItsIdentity" } }]);
  });

  test("but not twice", () => expect(reconciled(undefined, [going]).remove).toEqual([]));

  test("but not for a typo in the annotation", () => {
    expect(reconciled(workload({ systemAssigned: "yes" }), [own]).remove).toEqual([]);
  });
});

test("a value that is neither true nor false is answered with what is expected, and makes nothing", () => {
  const { create, warning } = reconciled(workload({ systemAssigned: "yes" }), []);
  expect(create).toBeUndefined();
  expect(warning?.sentence).toBe(
    'Annotation lanyard.dev/system-assigned is "yes": write "true" or "false", or remove it.',
  );
});
