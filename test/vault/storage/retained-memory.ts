import type { KubeApi } from "../../../kube/api.ts";
import type { Kind, KubeObject } from "../../../kube/kind.ts";
import type { Secret } from "../../../vault/secret/secret.ts";
import { SecretIndex } from "../../../vault/storage/secret-index.ts";
import { manifestOf } from "../../../vault/storage/stored-secret.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";

/** Prints what an index of so many secrets keeps in memory. Run with --expose-gc. */
const SECRETS = 2_000;
const VERSIONS = 5;

const vault = { uid: "6f0c2f0e-6d0c-4c55-9f63-0a8b6d9a2f11", namespace: "payments", name: "payments-vault" };

/** As the API server sends it: fresh text for every object, with the fields that managers add. */
function stored(number: number): string {
  const tag = (at: number): [string, string] => [`tag-${at}-${number}`, `${number}-`.padEnd(500, "x")];
  const versions = Array.from({ length: VERSIONS }, (_, at) => ({
    ...{ id: (number * VERSIONS + at).toString(16).padStart(32, "0"), enabled: true, created: 1, updated: 1 },
    ...{
      contentType: "x".repeat(255),
      tags: Object.fromEntries(Array.from({ length: 15 }, (__, tagAt) => tag(tagAt))),
    },
    value: "x",
  }));
  const secret: Secret = { vault, name: `secret-${number}`, versions };
  const manifest = manifestOf(secret, "lanyard-vault", "1");
  const uid = `6f0c2f0e-6d0c-4c55-9f63-${String(number).padStart(12, "0")}`;
  const managedFields = [{ manager: "lanyard-vault", fieldsV1: { "f:data": "x".repeat(2_000) } }];
  const metadata = { ...manifest.metadata, uid, resourceVersion: "1", creationTimestamp: "2026-12-01T00:00:00Z" };
  return JSON.stringify({ ...manifest, metadata: { ...metadata, managedFields } });
}

const api: Pick<KubeApi, "list" | "watch"> = {
  async list<T extends KubeObject>(kind: Kind<T>) {
    const items = Array.from({ length: SECRETS }, (_, number) => kind.parse(JSON.parse(stored(number))));
    return { items, resourceVersion: "1" };
  },
  async *watch(_kind, { signal }) {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  },
};

function heap(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const before = heap();
const index = new SecretIndex({
  api: api as KubeApi,
  clock: new FakeClock(),
  log: silentLog,
  namespace: "lanyard-vault",
});
await index.synced;
const bytes = heap() - before;
process.stdout.write(JSON.stringify({ secrets: index.of(vault).length, bytes }));
