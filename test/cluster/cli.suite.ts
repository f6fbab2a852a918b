import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { applyBuiltInRoles } from "../../operator/role-definition/apply-built-in-roles.ts";
import { ofKind, render, withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { kubeconfigAs, lanyard, run } from "./cli/person.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, kubectlCommand, openTestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const [SYSTEM, SHOP, PAYMENTS] = ["lanyard-system", "shop", "payments"];
const PAYMENTS_ADMIN = "payments-admin";
const VAULT = "https://payments-vault.payments.svc";
const asksForOrders = ["--as", "shop/orders", "--action", "secrets/read", "--resource", "payments/payments-vault"];

const objects = [
  {
    kind: "ManagedIdentity",
    metadata: { name: "orders", namespace: SHOP },
    spec: { subjects: [{ serviceAccount: "orders" }] },
  },
  {
    kind: "ProtectedResource",
    metadata: { name: "payments-vault", namespace: PAYMENTS },
    spec: { audiences: [VAULT] },
  },
].map((object) => ({ apiVersion: API_VERSION, ...object }));

const web = {
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: SHOP } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web" }] } },
  },
};

// Each test starts the program several times.
describe.skipIf(programs === undefined)(
  "the command line on a real API server with the guards",
  { timeout: 120_000 },
  () => {
    let server: PrivateApiServer;
    let client: ClusterClient;
    let operator: Operator;
    let folder: string;
    let admin: string;
    let paymentsAdmin: string;

    const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
    const write = (items: readonly object[]): Promise<string> =>
      withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items }), (file) =>
        speak("apply", "--server-side", `--filename=${file}`),
      );

    beforeAll(async () => {
      if (programs === undefined) return;
      folder = await mkdtemp(join(tmpdir(), "lanyard-cli-"));
      server = await PrivateApiServer.start(programs, { authorization: "RBAC" });
      const chart = await render();
      await write(ofKind(chart, "CustomResourceDefinition"));
      const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
      await speak("wait", "--for=condition=Established", "--timeout=30s", ...crds);
      for (const namespace of [SYSTEM, SHOP, PAYMENTS]) await speak("create", "namespace", namespace);
      const ofUse = /^((Cluster)?Role(Binding)?|ServiceAccount|ValidatingAdmissionPolicy(Binding)?)$/;
      await write(chart.filter(({ kind }) => ofUse.test(kind)));
      await speak(
        "create",
        "rolebinding",
        "admin",
        "--clusterrole=admin",
        `--user=${PAYMENTS_ADMIN}`,
        `--namespace=${PAYMENTS}`,
      );
      await server.startControllers();
      const token = await speak("create", "token", "lanyard-operator", `--namespace=${SYSTEM}`);
      client = await connect({ kubeconfig: await server.kubeconfigWith(token.trim()) });
      operator = startOperator({ api: client.api, clock: systemClock, log: silentLog });
      await operator.synced;
      await applyBuiltInRoles(client.api, silentLog);
      await write([...objects, web]);
      admin = server.kubeconfig;
      paymentsAdmin = await kubeconfigAs(PAYMENTS_ADMIN, admin, join(folder, PAYMENTS_ADMIN));
    }, 120_000);

    afterAll(async () => {
      await operator?.stop();
      await client?.close();
      await server?.remove();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    test("says no, and kubectl apply of what it says makes it yes", async () => {
      const no = await lanyard(admin, "access", "check", ...asksForOrders);
      expect(no.code).toBe(1);
      const applied = await run([...kubectlCommand(server), "apply", "--filename=-"], {}, no.output);
      expect(applied).toMatchObject({ code: 0, output: expect.stringContaining("roleassignment.lanyard.dev/") });
      await speak("wait", "--for=condition=Ready", "--timeout=20s", `--namespace=${PAYMENTS}`, "rasn", "--all");
      const yes = await lanyard(admin, "access", "check", ...asksForOrders);
      expect(yes).toMatchObject({ code: 0, output: expect.stringMatching(/^Allowed: /) });
    });

    test("turns on the identity of a Deployment, and takes it away again", async () => {
      const assigned = await lanyard(admin, "identity", "assign", "deployment/web", "-n", SHOP, "-o", "json");
      expect(assigned).toMatchObject({ code: 0 });
      const { principalId } = JSON.parse(assigned.output);
      expect(await speak("get", "mi", `--namespace=${SHOP}`, "--output=jsonpath={.items[*].metadata.uid}")).toContain(
        principalId,
      );
      expect((await lanyard(admin, "identity", "remove", "shop/Deployment/web")).code).toBe(0);
      await speak(
        "wait",
        "--for=delete",
        "--timeout=20s",
        `--namespace=${SHOP}`,
        "mi",
        "--field-selector=metadata.name!=orders",
      );
      expect(await speak("get", "deployment/web", `--namespace=${SHOP}`, "--output=yaml")).not.toContain(
        "system-assigned",
      );
    });

    describe("the admin of a namespace", () => {
      test("gives a role that may be given, on what is there", async () => {
        const created = await lanyard(
          paymentsAdmin,
          ...["role-assignment", "create", "--assignee", "shop/orders", "--role", "reader"],
          ...["--resource", "payments/payments-vault"],
        );
        expect(created).toMatchObject({ code: 0, output: expect.stringContaining("created. It is in force.") });
        expect(created.errors).toContain("you may not see whether shop/orders exists");
      });

      test("is told by the guard which right a privileged role takes", async () => {
        const refused = await lanyard(
          paymentsAdmin,
          ...["role-assignment", "create", "--assignee", "shop/orders", "--role", "owner", "-n", PAYMENTS],
        );
        expect(refused).toMatchObject({ code: 1, output: "" });
        expect(refused.errors).toContain("A guard of the cluster refused it");
        expect(refused.errors).toContain('may not assign role "owner"');
      });

      test("is told which right it takes to give one elsewhere", async () => {
        const refused = await lanyard(
          paymentsAdmin,
          ...["role-assignment", "create", "--assignee", "shop/orders", "--role", "reader", "-n", SHOP],
        );
        expect(refused.code).toBe(1);
        expect(refused.errors).toContain("You may not create roleassignments.lanyard.dev in namespace shop");
        expect(refused.errors).toContain("a Role in shop");
      });

      test("sees who has what there, and that the cluster's assignments are missing from it", async () => {
        const { code, output, errors } = await lanyard(
          paymentsAdmin,
          ...["role-assignment", "list", "--resource", "payments/payments-vault"],
        );
        expect(code).toBe(2);
        expect(output).toMatch(/^shop\/orders +reader +here +in force/m);
        expect(errors).toContain("Not complete: you may not list clusterroleassignments.lanyard.dev");
      });

      test("is told what to ask for where nothing can be said", async () => {
        const { code, output, errors } = await lanyard(paymentsAdmin, "access", "check", ...asksForOrders);
        expect({ code, output }).toEqual({ code: 2, output: "" });
        expect(errors).toContain("You may not get managedidentities.lanyard.dev in namespace shop");
      });
    });

    test("revokes every token of an identity, and the operator confirms it", async () => {
      const revoked = await lanyard(admin, "revoke", "identity", "shop/orders", "--disable");
      expect(revoked).toMatchObject({ code: 0, output: expect.stringContaining("shop/orders is disabled.") });
      expect(revoked.output).toContain("Every token of orders from before this object is revoked.");
      const ofOrders = ["get", `--namespace=${SHOP}`];
      const condition = '.status.conditions[?(@.type=="Ready")].status';
      const written = await speak(...ofOrders, "trev", `--output=jsonpath={range .items[*]}{.spec}{${condition}}{end}`);
      expect(written).toBe('{"managedIdentity":"orders"}True');
      expect(await speak(...ofOrders, "mi/orders", "--output=jsonpath={.spec.disabled}")).toBe("true");
    });

    test("revokes one token for the admin of its namespace, and for no other", async () => {
      const token = ["revoke", "token", "5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k"];
      const own = await lanyard(paymentsAdmin, ...token, "-n", PAYMENTS);
      expect(own).toMatchObject({ code: 0, output: expect.stringContaining("is revoked.") });
      const foreign = await lanyard(paymentsAdmin, ...token, "-n", SHOP);
      expect(foreign.code).toBe(1);
      expect(foreign.errors).toContain("You may not create tokenrevocations.lanyard.dev in namespace shop");
    });

    test("is a plugin of kubectl, and calls itself so", async () => {
      const plugins = join(folder, "plugins");
      await withPlugin(plugins);
      const PATH = `${plugins}:${dirname(process.execPath)}:${process.env.PATH}`;
      const [program] = kubectlCommand(server);
      const help = await run([program, "lanyard", "access", "check", "--help"], { PATH });
      expect(help).toMatchObject({ code: 0, output: expect.stringMatching(/^Usage: kubectl lanyard access check /) });
      const listed = await run([program, "lanyard", "identity", "list", "-n", SHOP], { PATH, KUBECONFIG: admin });
      expect(listed).toMatchObject({ code: 0, output: expect.stringContaining("shop/orders") });
    });
  },
);

/** As npm makes it: a file of that name in the PATH that leads to the program. */
async function withPlugin(folder: string): Promise<void> {
  await mkdir(folder);
  const program = join(import.meta.dirname, "../../cli/main.ts");
  await writeFile(join(folder, "entry.mjs"), `#!/usr/bin/env node\nimport ${JSON.stringify(program)};\n`, {
    mode: 0o755,
  });
  await symlink("entry.mjs", join(folder, "kubectl-lanyard"));
}
