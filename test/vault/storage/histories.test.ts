import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { secrets } from "../../../kube/cluster-kinds.ts";
import { allKinds } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { VaultError } from "../../../vault/protocol/vault-error.ts";
import {
  type Asked,
  active,
  deleted,
  deleteSecret,
  purgeSecret,
  recoverSecret,
  type SecretChange,
  setSecret,
  updateSecret,
} from "../../../vault/secret/change-secret.ts";
import { startPurgeSchedule } from "../../../vault/storage/purge-schedule.ts";
import { SecretIndex } from "../../../vault/storage/secret-index.ts";
import { SecretStore } from "../../../vault/storage/secret-store.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { historyProperty } from "../../support/property.ts";
import { silentLog } from "../../support/silent-log.ts";
import { PlainVault } from "./plain-vault.ts";

const DAY_MS = 86_400_000;
const vault = { uid: "uid-1", namespace: "payments", name: "payments-vault" };
const names = ["a", "B"] as const;

type Step =
  | { readonly do: "set"; readonly name: string; readonly value: string }
  | { readonly do: "update"; readonly name: string; readonly enabled: boolean }
  | { readonly do: "delete" | "recover" | "purge"; readonly name: string }
  | { readonly do: "wait"; readonly days: number };

const name = fc.constantFrom(...names, "b");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("set" as const), name, value: fc.string({ maxLength: 3 }) }),
  fc.record({ do: fc.constant("update" as const), name, enabled: fc.boolean() }),
  fc.record({ do: fc.constantFrom("delete" as const, "recover" as const, "purge" as const), name }),
  fc.record({ do: fc.constant("wait" as const), days: fc.integer({ min: 3, max: 8 }) }),
);

/** One replica of the vault's storage. */
function replica(api: InMemoryApi, clock: FakeClock) {
  const index = new SecretIndex({ api, clock, log: silentLog, namespace: "lanyard-vault" });
  const store = new SecretStore({ api, clock, namespace: "lanyard-vault", index });
  return { index, store };
}

async function storage() {
  const clock = new FakeClock();
  const api = new InMemoryApi({ kinds: [...allKinds, secrets], clock });
  const replicas = [replica(api, clock), replica(api, clock)] as const;
  const [{ index, store }] = replicas;
  await Promise.all(replicas.map((one) => one.index.synced));
  const schedule = startPurgeSchedule({ clock, log: silentLog, index, store, isThere: () => true });
  return {
    ...{ api, clock, replicas },
    async stop() {
      schedule.stop();
      await Promise.all(replicas.map((one) => one.index.stop()));
    },
  };
}

let made = 0;
const newId = (): string => (made++).toString(16).padStart(32, "0");

type Change = Exclude<Step, { do: "wait" }>;

function decisionOf(one: Change): (asked: Asked) => SecretChange {
  switch (one.do) {
    case "set":
      return (asked) => setSecret(asked, vault, { id: newId(), value: one.value });
    case "update":
      return (asked) => updateSecret(asked, undefined, { enabled: one.enabled });
    case "delete":
      return (asked) => deleteSecret(asked, 7);
    case "recover":
      return recoverSecret;
    case "purge":
      return purgeSecret;
  }
}

function isTaken(model: PlainVault, one: Change, now: number): boolean {
  switch (one.do) {
    case "set":
      return model.set(one.name, one.value);
    case "update":
      return model.update(one.name, one.enabled);
    case "delete":
      return model.delete(one.name, now);
    default:
      return model[one.do](one.name);
  }
}

type Storage = Awaited<ReturnType<typeof storage>>;

async function take([one, at]: readonly [Step, 0 | 1], { clock, replicas }: Storage, model: PlainVault): Promise<void> {
  if (one.do === "wait") {
    await clock.advance(one.days * DAY_MS);
    model.at(clock.now());
    return;
  }
  const outcome = await replicas[at].store.change(vault, one.name, decisionOf(one));
  expect(!(outcome instanceof VaultError)).toBe(isTaken(model, one, clock.now()));
  expect(await versionsOf(one.name, replicas[at].store, model)).toEqual(versionsIn(one.name, model));
}

const versionsIn = (name: string, model: PlainVault) => (model.inUse(name) ?? model.deleted(name))?.versions;

async function versionsOf(name: string, store: SecretStore, model: PlainVault) {
  const asked = await store.read(vault, name);
  const found = model.deleted(name) === undefined ? active(asked) : deleted(asked);
  return found instanceof VaultError ? undefined : found.versions.map(({ value, enabled }) => ({ value, enabled }));
}

describe("secrets in Kubernetes", () => {
  historyProperty(
    "whatever is done, at either of two replicas, is what a plain model says",
    [fc.array(fc.tuple(step, fc.constantFrom(0 as const, 1 as const)), { maxLength: 8 })],
    async (history) => {
      const under = await storage();
      const model = new PlainVault();
      for (const one of history) await take(one, under, model);
      await under.clock.advance(2_000);
      for (const { index } of under.replicas) {
        const inUse = index.of(vault).filter(({ deletion }) => deletion === undefined);
        expect(inUse.map((one) => one.name.toLowerCase()).sort()).toEqual(model.namesInUse);
      }
      expect((await under.api.list(secrets)).items).toHaveLength(model.size);
      await under.stop();
      expect(under.clock.pending).toBe(0);
    },
  );

  test("of many who write one secret at once, at two replicas, no version is lost", async () => {
    const { replicas, stop } = await storage();
    onTestFinished(stop);
    const writes = Array.from({ length: 20 }, (_, number) => {
      const wish = { id: newId(), value: String(number) };
      return replicas[number % 2 === 0 ? 0 : 1].store.change(vault, "a", (asked) => setSecret(asked, vault, wish));
    });
    await Promise.all(writes);
    const { current } = await replicas[0].store.read(vault, "a");
    const expected = Array.from({ length: 20 }, (_, number) => String(number)).sort();
    expect(current?.versions.map(({ value }) => value).sort()).toEqual(expected);
  });

  test("a write ends once it has come back through the watch, so that its writer finds it in the next list", async () => {
    const { api, clock, stop } = await storage();
    onTestFinished(stop);
    const { promise: cameBack, resolve: comeBack } = Promise.withResolvers<void>();
    const store = new SecretStore({ api, clock, namespace: "lanyard-vault", index: { seen: () => cameBack } });
    let ended = false;
    const wish = { id: newId(), value: "x" };
    const writing = store
      .change(vault, "a", (asked) => setSecret(asked, vault, wish))
      .then(() => {
        ended = true;
      });
    await settle();
    expect((await store.read(vault, "a")).current?.versions).toMatchObject([wish]);
    expect(ended).toBe(false);
    comeBack();
    await writing;
  });

  test("who recovers a secret while it is purged loses to it, or the other way round, and never half of it", async () => {
    const { replicas, stop } = await storage();
    onTestFinished(stop);
    const [one, other] = replicas;
    await one.store.change(vault, "a", (asked) => setSecret(asked, vault, { id: newId(), value: "x" }));
    await one.store.change(vault, "a", (asked) => deleteSecret(asked, 7));
    const [recovered, purged] = await Promise.all([
      one.store.change(vault, "a", recoverSecret),
      other.store.change(vault, "a", purgeSecret),
    ]);
    const { current } = await one.store.read(vault, "a");
    expect(recovered instanceof VaultError).toBe(current === undefined);
    expect(purged instanceof VaultError).toBe(current !== undefined);
  });
});
