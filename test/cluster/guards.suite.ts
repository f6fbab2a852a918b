import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { applyBuiltInRoles } from "../../operator/role-definition/apply-built-in-roles.ts";
import { ofKind, render, withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { identityOfWeb } from "./guards/attempt.ts";
import { create, may, PAYMENTS, SHOP } from "./guards/guard-case.ts";
import { expectOutcome, firstCases, testGuardTable } from "./guards/guard-table.ts";
import { rights, users } from "./guards/people.ts";
import { world } from "./guards/world.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const SYSTEM = "lanyard-system";
const PATIENCE = { timeout: 30_000, interval: 200 };

describe.skipIf(programs === undefined)("an API server with the guards of the chart", () => {
  let server: PrivateApiServer;
  let client: ClusterClient;
  let operator: Operator;

  const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
  const write = (objects: readonly object[]): Promise<string> =>
    withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }), (file) =>
      speak("apply", "--server-side", `--filename=${file}`),
    );

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs, { authorization: "RBAC" });
    const chart = await render();
    await write(ofKind(chart, "CustomResourceDefinition"));
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await speak("wait", "--for=condition=Established", "--timeout=30s", ...crds);
    for (const namespace of [SYSTEM, SHOP, PAYMENTS]) await speak("create", "namespace", namespace);
    const ofUse = /^((Cluster)?Role(Binding)?|ServiceAccount|ValidatingAdmissionPolicy(Binding)?)$/;
    await write([...chart.filter(({ kind }) => ofUse.test(kind)), ...rights]);
    await server.startControllers();
    const token = await speak("create", "token", "lanyard-operator", `--namespace=${SYSTEM}`);
    client = await connect({ kubeconfig: await server.kubeconfigWith(token.trim()) });
    operator = startOperator({ api: client.api, clock: systemClock, log: silentLog });
    await operator.synced;
    await applyBuiltInRoles(client.api, silentLog);
    await write(world);
    await vi.waitFor(async () => expect(await identityOfWeb(server)).not.toBe(""), PATIENCE);
    for (const row of firstCases) await vi.waitFor(() => expectOutcome(server, row), PATIENCE);
  }, 120_000);

  afterAll(async () => {
    await operator?.stop();
    await client?.close();
    await server?.remove();
  });

  describe("and an operator", () => {
    testGuardTable(() => server);

    test("does not hold up the operator: all that it keeps is ready", async () => {
      await speak("wait", "--for=condition=Ready", "--timeout=20s", "roledefinitions", "--all");
      await speak("wait", "--for=condition=Ready", "--timeout=20s", `--namespace=${SHOP}`, "rasn", "--all");
    });
  });

  describe("and no process of Lanyard's", () => {
    beforeAll(() => operator.stop());

    testGuardTable(() => server);

    test("lets one give a role as soon as he has what the refusal asked for", async () => {
      const role = ["guards-assign-custom", "--verb=assign", "--resource=roledefinitions.lanyard.dev"];
      await speak("create", "clusterrole", ...role, "--resource-name=guards-custom");
      const who = [`--clusterrole=guards-assign-custom`, `--user=${users["the admin of the shop"]}`];
      await speak("create", "rolebinding", "guards-assign-custom", `--namespace=${SHOP}`, ...who);
      const spec = { principal: { managedIdentity: "orders" }, roleDefinition: "guards-custom" };
      const object = { kind: "RoleAssignment", metadata: { name: "new", namespace: SHOP }, spec };
      const row = may("the admin of the shop", "gives guards-custom", create(object));
      await vi.waitFor(() => expectOutcome(server, row), PATIENCE);
    });

    test("lets a workload go without what it owns", async () => {
      const web = ["deployment/web", `--namespace=${SHOP}`];
      await speak("delete", ...web, "--cascade=orphan", "--timeout=25s");
      const owners = ["get", "managedidentity", await identityOfWeb(server), `--namespace=${SHOP}`];
      expect(await speak(...owners, "--output=jsonpath={.metadata.ownerReferences}")).toBe("");
    });

    test("lets a namespace end with all that is in it", async () => {
      const free = ["roleassignment/owns-shop", "--type=merge", '--patch={"metadata":{"finalizers":null}}'];
      await speak("patch", `--namespace=${SHOP}`, ...free, `--as=${users["the admin of the shop"]}`);
      expect(await speak("delete", "namespace", SHOP, "--timeout=25s")).toContain("deleted");
    });
  });
});
