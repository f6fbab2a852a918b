import { z } from "zod";
import { API_GROUP, API_VERSION, ISSUER_AUDIENCE } from "../../identity/names.ts";
import { withFile } from "../charts/chart.ts";
import { kubectl, type TestCluster } from "../cluster/test-cluster.ts";

/** A pod of the cluster that this suite imitates: it exists in the API, and this suite speaks with its token and address. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
  readonly token: string;
}

export interface World {
  /** Asks for what it may have, for as long as the attack lasts. */
  readonly bystander: Pod;
  /** Pods of one tenant, all of which attack. */
  readonly attackers: readonly Pod[];
  readonly vault: Pod;
}

export const bystanderAudience = "https://inventory.inventory.svc";
export const attackedAudience = "https://api.evil.svc";
export const vaultName = { namespace: "payments", name: "payments-vault" } as const;
export const vaultAudience = `https://${vaultName.name}.${vaultName.namespace}.svc`;
const NODE = "hostile-node";
const ATTACKERS = 5;

export const lanyard = (kind: string, name: string, spec: object, namespace?: string): object => ({
  ...{ apiVersion: API_VERSION, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec },
});

const core = (kind: string, name: string, namespace?: string, more: object = {}): object => ({
  ...{ apiVersion: "v1", kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } },
  ...more,
});

const pod = (namespace: string, name: string): object =>
  core("Pod", name, namespace, {
    spec: {
      ...{ nodeName: NODE, serviceAccountName: name.replace(/-\d+$/, ""), automountServiceAccountToken: false },
      containers: [{ name: "app", image: "app" }],
    },
  });

const assignment = (namespace: string, name: string, spec: object): object =>
  lanyard("RoleAssignment", name, spec, namespace);

/** What the tenants wrote before anything happens. */
function objects(): readonly object[] {
  const orders = { managedIdentity: "orders", namespace: "shop" };
  const mine = { managedIdentity: "mine", namespace: "evil" };
  return [
    core("Node", NODE, undefined, { spec: { podCIDR: "127.0.0.0/8" } }),
    ...[core("ServiceAccount", "orders", "shop"), core("ServiceAccount", "attacker", "evil")],
    core("ServiceAccount", "vault", "lanyard-system"),
    ...[pod("shop", "orders-0"), pod("lanyard-system", "vault-0")],
    ...Array.from({ length: ATTACKERS }, (_, number) => pod("evil", `attacker-${number}`)),
    lanyard("ManagedIdentity", "orders", { subjects: [{ serviceAccount: "orders" }] }, "shop"),
    lanyard("ManagedIdentity", "mine", { subjects: [{ serviceAccount: "attacker" }] }, "evil"),
    lanyard("RoleDefinition", "stock-reader", { actions: ["stock/read"] }),
    lanyard("ProtectedResource", "inventory", { audiences: [bystanderAudience] }, "inventory"),
    lanyard("ProtectedResource", "api", { audiences: [attackedAudience] }, "evil"),
    lanyard("ProtectedResource", vaultName.name, { audiences: [vaultAudience], vault: {} }, vaultName.namespace),
    assignment("inventory", "orders", { principal: orders, roleDefinition: "stock-reader", resource: "inventory" }),
    assignment("evil", "mine", { principal: mine, roleDefinition: "stock-reader", resource: "api" }),
    ...["orders", "mine"].map((name) =>
      assignment(vaultName.namespace, name, {
        principal: name === "orders" ? orders : mine,
        ...{ roleDefinition: "secrets-officer", resource: vaultName.name },
        subresource: `secrets/${name}`,
      }),
    ),
  ];
}

/** Writes the objects, gives the pods their addresses, and gets a token for each of them. */
export async function fillCluster(cluster: TestCluster): Promise<World> {
  const namespaces = ["shop", "inventory", "evil", "payments", "lanyard-system", "lanyard-vault"];
  await apply(
    cluster,
    namespaces.map((name) => core("Namespace", name)),
  );
  await apply(cluster, objects());
  const start = (namespace: string, name: string, address: string) => startPod(cluster, { namespace, name, address });
  const [bystander, vault, ...attackers] = await Promise.all([
    // The sidecar and the vault are processes of this machine, and so ask from 127.0.0.1.
    ...[start("shop", "orders-0", "127.0.0.1"), start("lanyard-system", "vault-0", "127.0.0.1")],
    ...Array.from({ length: ATTACKERS }, (_, number) => start("evil", `attacker-${number}`, `127.0.1.${number + 1}`)),
  ]);
  if (bystander === undefined || vault === undefined) throw new Error("The cluster has no pods.");
  return { bystander, vault, attackers };
}

/** Server-side apply leaves no second copy of a large object in an annotation. */
export function apply(cluster: TestCluster, items: readonly object[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  return withFile(list, (file) =>
    kubectl(cluster, "apply", "--server-side", "--force-conflicts", `--filename=${file}`),
  );
}

async function startPod(cluster: TestCluster, { namespace, name, address }: Omit<Pod, "token">): Promise<Pod> {
  const where = `--namespace=${namespace}`;
  const startTime = new Date().toISOString();
  const conditions = [{ type: "Ready", status: "True", lastTransitionTime: startTime }];
  const status = { phase: "Running", startTime, podIP: address, podIPs: [{ ip: address }], conditions };
  const patch = `--patch=${JSON.stringify({ status })}`;
  await kubectl(cluster, "patch", "pod", name, where, "--subresource=status", "--type=merge", patch);
  const read = await kubectl(cluster, "get", "pod", name, where, "--output=json");
  const { uid } = z.object({ metadata: z.object({ uid: z.string() }) }).parse(JSON.parse(read)).metadata;
  const bound = ["--bound-object-kind=Pod", `--bound-object-name=${name}`, `--bound-object-uid=${uid}`];
  const account = name.replace(/-\d+$/, "");
  const options = [`--audience=${ISSUER_AUDIENCE}`, "--duration=2h"];
  const token = await kubectl(cluster, "create", "token", account, where, ...bound, ...options);
  return { namespace, name, address, token: token.trim() };
}

export const crdName = (plural: string): string => `crd/${plural}.${API_GROUP}`;
