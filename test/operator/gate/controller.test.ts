import { expect, test } from "vitest";
import { injection } from "../../../identity/names.ts";
import { namespaces, pods } from "../../../kube/kinds.ts";
import { Cluster, kindsOfInstallation } from "../cluster.ts";

const unreachable = { message: "not ready", code: "IssuerUnavailable", sentence: "The issuer cannot be reached." };

/** A pod whose sidecar is as said; the gate that gave up has left its reason in the log. */
async function podWith(it: Cluster, sidecar: object, container: string = injection.container): Promise<void> {
  const spec = { initContainers: [{ name: container }], containers: [{ name: "app" }] };
  await it.apply(pods, "shop/orders", { spec });
  const status = { initContainerStatuses: [{ name: container, ...sidecar }] };
  const metadata = { namespace: "shop", name: "orders" };
  const manifest = { apiVersion: "v1", kind: "Pod", metadata, status };
  await it.api.applyStatus(pods, manifest, { fieldManager: "kubelet", force: true });
  await it.idle();
}

const terminated = { message: `{"message":"listening"}\n${JSON.stringify(unreachable)}\n` };

async function cluster(): Promise<Cluster> {
  const it = await Cluster.withOperator(kindsOfInstallation);
  await it.apply(namespaces, "shop");
  await it.converge();
  return it;
}

const warnings = async (it: Cluster): Promise<unknown[]> =>
  (await it.eventsOn("shop/orders")).map(({ reason, note }) => `${reason}: ${note}`);
const told = [
  "GateClosed: The application waits until it can have a token and the secret files that it asks for: The issuer cannot be reached.",
];

test("a gate that gave up is an Event on its pod, once for each reason", async () => {
  const it = await cluster();
  await podWith(it, { started: false, state: { terminated } });
  await podWith(it, { started: false, lastState: { terminated }, restartCount: 1 });
  expect(await warnings(it)).toEqual(told);
});

test("a sidecar that has started since has nothing to say of it", async () => {
  const it = await cluster();
  await podWith(it, { started: true, lastState: { terminated } });
  expect(await warnings(it)).toEqual([]);
});

test.each([
  { what: "another container", sidecar: { started: false, lastState: { terminated } }, container: "app-proxy" },
  { what: "a sidecar that ended with other words", sidecar: { lastState: { terminated: { message: "killed" } } } },
  { what: "a sidecar that waits still", sidecar: { started: false } },
])("$what is no closed gate", async ({ sidecar, container }) => {
  const it = await cluster();
  await podWith(it, sidecar, container);
  expect(await warnings(it)).toEqual([]);
});
