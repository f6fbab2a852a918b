/** Prints how many bytes of heap a store retains for 2,000 large objects of a kind. */
import { identityIndexes } from "../../issuer/identity-indexes.ts";
import { kept, metadataOnly } from "../../kube/kept.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import { managedIdentities, namespaces, pods, serviceAccounts, workloads } from "../../kube/kinds.ts";
import { type Indexes, Store } from "../../kube/store.ts";

const COUNT = 2_000;
const annotations = { "other.example/text": "x".repeat(25_000), "lanyard.dev/identity": "y".repeat(5_000) };
const labels = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`label-${at}`, "x".repeat(63)]));
const template = { metadata: { annotations, labels }, spec: { serviceAccountName: "orders" } };
const subjects = [{ serviceAccount: "orders" }];

const watched: Readonly<Record<string, { kind: Kind<KubeObject>; object: object; indexes?: Indexes<never> }>> = {
  ServiceAccount: { kind: kept(serviceAccounts), object: {} },
  Pod: { kind: kept(pods), object: { spec: { serviceAccountName: "orders", containers: [annotations] } } },
  Deployment: { kind: metadataOnly(workloads.Deployment), object: { spec: { template } } },
  Namespace: { kind: kept(namespaces), object: {} },
  ManagedIdentity: { kind: kept(managedIdentities), object: { spec: { subjects } }, indexes: identityIndexes },
};

/** As it comes off the wire: each object has texts of its own. */
function received(kind: string, at: number, object: object): unknown {
  const metadata = {
    ...{ name: `object-${at}`, namespace: "evil", uid: `00000000-0000-4000-8000-${String(at).padStart(12, "0")}` },
    ...{ resourceVersion: String(at), creationTimestamp: "2026-11-21T12:00:00Z", annotations, labels },
    managedFields: [{ manager: "kubectl", fieldsV1: labels }],
  };
  const apiVersion = kind === "ManagedIdentity" ? "lanyard.dev/v1alpha1" : "v1";
  return JSON.parse(JSON.stringify({ apiVersion, kind, metadata, ...object }));
}

const name = process.argv[2] ?? "";
const given = watched[name];
if (given === undefined || globalThis.gc === undefined)
  throw new Error("usage: node --expose-gc retained-heap.ts KIND");
const store = new Store<KubeObject>(given.indexes as Indexes<KubeObject>);
globalThis.gc();
const before = process.memoryUsage().heapUsed;
for (let at = 0; at < COUNT; at++) store.upsert(given.kind.parse(received(name, at, given.object)));
globalThis.gc();
process.stdout.write(String(process.memoryUsage().heapUsed - before));
if (store.size !== COUNT) throw new Error("the store is not full");
