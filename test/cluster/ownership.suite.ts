import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readAudiences } from "../../cli/access/read-audiences.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { principalId } from "../../identity/ids.ts";
import { API_GROUP } from "../../identity/names.ts";
import { namespaceScope } from "../../identity/scope.ts";
import { type ClusterState, watchCluster } from "../../issuer/cluster-state.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import {
  clusterRoleAssignments,
  managedIdentities,
  namespaces,
  protectedResources,
  roleDefinitions,
} from "../../kube/kinds.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster, type TestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const person = { fieldManager: "a-person", force: true };
const API = "https://api.payments.svc";
const SHARED = "https://shared.example.com";

describe.skipIf(programs === undefined)("on a real API server, with operator and issuer", () => {
  let server: PrivateApiServer;
  let cluster: TestCluster;
  let admin: ClusterClient;
  let operator: Operator;
  let issuer: ClusterState;

  const start = async (): Promise<void> => {
    operator = startOperator({ api: admin.api, clock: systemClock, log: silentLog });
    issuer = watchCluster({ api: admin.api, clock: systemClock, log: silentLog });
    await Promise.all([operator.synced, issuer.synced]);
  };
  const stop = async (): Promise<void> => {
    await operator?.stop();
    await issuer?.stop();
  };
  const apply = <T extends KubeObject>(kind: Kind<T>, name: string, rest: object = {}): Promise<T> => {
    const [first = "", second] = name.split("/");
    const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
    return admin.api.apply(kind, { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...rest }, person);
  };
  const resource = (name: string, ...audiences: string[]) => apply(protectedResources, name, { spec: { audiences } });
  const seen = async (name: string) => {
    const [namespace = "", own = ""] = name.split("/");
    const { status } = await admin.api.get(protectedResources, { namespace, name: own });
    return { audiences: status?.audiences, reason: status?.conditions?.find(({ type }) => type === "Ready")?.reason };
  };
  const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 100 });
  const recreate = async (name: string): Promise<string> => {
    await kubectl(cluster, "delete", "namespace", name);
    return (await apply(namespaces, name)).metadata.uid;
  };
  const ownerOf = (audience: string): string | undefined => {
    const owner = issuer.audienceOwners.usable.get(audience);
    return owner && `${owner.metadata.namespace}/${owner.metadata.name}`;
  };
  /** The command line reads the API alone. */
  const ownerInCli = async (audience: string): Promise<string | undefined> => {
    const { owners } = await readAudiences({ api: admin.api, namespace: "payments" });
    return owners.usable.get(audience)?.metadata.namespace;
  };

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs);
    await server.startControllers();
    cluster = { kind: "control-plane", kubeconfig: server.kubeconfig, context: server.context };
    await kubectl(cluster, "apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await kubectl(cluster, "wait", "--for=condition=Established", "--timeout=30s", ...crds);
    admin = await connect(cluster);
    for (const name of ["evil", "payments", "shop", "analytics"]) await apply(namespaces, name);
    await start();
  }, 180_000);

  afterAll(async () => {
    await stop();
    await admin?.close();
    await server?.remove();
  });

  test("an older resource that adds another's audiences later takes none of them, also after a restart of all", async () => {
    await resource("evil/old", "https://old.evil.svc");
    // Creation times have whole seconds.
    await eventually(async () => expect((await seen("evil/old")).reason).toBe("Ready"));
    await resource("payments/api", API, SHARED);
    await eventually(async () =>
      expect(await seen("payments/api")).toEqual({ audiences: [API, SHARED], reason: "Ready" }),
    );

    const spellings = [
      API,
      `${API}/`,
      `${API}:443`,
      "HTTPS://API.PAYMENTS.SVC",
      `${API}.cluster.local.`,
      "api.payments.svc",
    ];
    await resource("evil/old", "https://old.evil.svc", SHARED, ...spellings);
    const kept = { audiences: ["https://old.evil.svc"], reason: "AudienceConflict" };
    await eventually(async () => expect(await seen("evil/old")).toEqual(kept));
    for (const audience of [API, SHARED]) {
      await eventually(async () => expect(ownerOf(audience)).toBe("payments/api"));
      expect(await ownerInCli(audience)).toBe("payments");
    }
    for (const audience of spellings.slice(2)) expect(ownerOf(audience)).toBeUndefined();

    await stop();
    await start();
    expect(await seen("payments/api")).toEqual({ audiences: [API, SHARED], reason: "Ready" });
    for (const audience of [API, SHARED]) expect(ownerOf(audience)).toBe("payments/api");
  });

  test("a Service's audience is nobody's while its owner is deleted, and the owner's again when it is recreated", async () => {
    await kubectl(cluster, "delete", "protectedresources.lanyard.dev/api", "--namespace=payments");
    await eventually(async () => expect(ownerOf(API)).toBeUndefined());
    await resource("payments/api", API);
    await eventually(async () => expect(ownerOf(API)).toBe("payments/api"));
    await eventually(async () => expect(await seen("payments/api")).toEqual({ audiences: [API], reason: "Ready" }));
  });

  test("a role on a namespace and consent to it do not hold when another team recreates it", async () => {
    const subjects = [{ serviceAccount: "orders" }, { serviceAccount: "reports", namespace: "analytics" }];
    const { metadata } = await apply(managedIdentities, "shop/orders", { spec: { subjects } });
    await apply(roleDefinitions, "stock-reader", { spec: { actions: ["stock/read"] } });
    const principal = { managedIdentity: "orders", namespace: "shop" };
    const spec = { principal, roleDefinition: "stock-reader", scope: "/namespaces/analytics" };
    await apply(clusterRoleAssignments, "reads-analytics", { spec });
    const assigned = async () => (await admin.api.get(clusterRoleAssignments, { name: "reads-analytics" })).status;
    const before = (await admin.api.get(namespaces, { name: "analytics" })).metadata.uid;
    await eventually(async () => expect((await assigned())?.namespaceUid).toBe(before));
    const facts = { now: Date.now(), pod: undefined };
    const granted = () => issuer.access.grantsAt(principalId(metadata.uid), namespaceScope("analytics"), facts).length;
    await eventually(async () => expect(granted()).toBe(1));

    await recreate("analytics");
    await eventually(async () => {
      expect((await assigned())?.conditions?.find(({ type }) => type === "Ready")?.reason).toBe("NamespaceReplaced");
      const { status } = await admin.api.get(managedIdentities, { namespace: "shop", name: "orders" });
      expect(status?.conditions?.find(({ type }) => type === "SubjectsFound")?.reason).toBe("NamespaceReplaced");
      expect(status?.subjectNamespaces).toEqual([{ name: "analytics", uid: before }]);
    });
    expect((await assigned())?.namespaceUid).toBe(before);
    expect(granted()).toBe(0);
  });
});
