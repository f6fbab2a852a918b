import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP, installation } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { type LeaderElection, startLeaderElection } from "../../kube/leader-election.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { ofKind, type Rendered, render, withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { type Attack, type Process, SHOP, SYSTEM, send, VAULTS } from "./compromised/attack.ts";
import { operatorGrants } from "./compromised/operator-grants.ts";
import { operatorObjects } from "./compromised/operator-objects.ts";
import { operatorRest } from "./compromised/operator-rest.ts";
import { type Webhook, webhookAttacks, webhookPaths } from "./compromised/operator-webhooks.ts";
import { otherAttacks } from "./compromised/other-attacks.ts";
import { world } from "./compromised/world.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const PATIENCE = { timeout: 30_000, interval: 200 };
const attacks = [...operatorObjects, ...operatorGrants, ...operatorRest, ...otherAttacks];
const processes: readonly Process[] = ["operator", "webhook", "issuer", "vault"];
const ofUse =
  /^((Cluster)?Role(Binding)?|ServiceAccount|ValidatingAdmissionPolicy(Binding)?|(Mutating|Validating)WebhookConfiguration)$/;

describe.skipIf(programs === undefined)("each process's own token, in other hands", () => {
  let server: PrivateApiServer;
  let client: ClusterClient;
  let operator: Operator;
  let election: LeaderElection;
  const tokens = new Map<Process, string>();

  const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
  const write = (objects: readonly object[]): Promise<string> =>
    withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }), (file) =>
      speak("apply", "--server-side", `--filename=${file}`),
    );
  const at = (path: string, ...args: readonly string[]): Promise<string> =>
    speak("get", ...args, `--output=jsonpath=${path}`);
  const attempt = ({ process, ...sending }: Attack): Promise<string> =>
    send(server.url, tokens.get(process) ?? "", sending);

  async function install(chart: readonly Rendered[]): Promise<void> {
    await write(ofKind(chart, "CustomResourceDefinition"));
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await speak("wait", "--for=condition=Established", "--timeout=30s", ...crds);
    for (const namespace of [SYSTEM, SHOP, VAULTS]) await speak("create", "namespace", namespace);
    await speak("label", "namespace", SHOP, "lanyard.dev/inject=enabled");
    await write(world.slice(0, -8));
    await write(chart.filter(({ kind }) => ofUse.test(kind)));
    await server.startControllers();
  }

  async function startWith(token: string): Promise<void> {
    client = await connect({ kubeconfig: await server.kubeconfigWith(token) });
    const { api } = client;
    const options = { api, clock: systemClock, log: silentLog };
    const lock = { namespace: SYSTEM, name: installation.leaderLease, identity: "suite" };
    election = startLeaderElection({ ...options, ...lock, onStartedLeading() {}, onStoppedLeading() {} });
    operator = startOperator({
      ...options,
      installation: {
        ...{ namespace: SYSTEM, vaultNamespace: VAULTS, mode: "own", clusterDomain: "cluster.local" },
        names: {
          ...{ webhookService: "lanyard-webhook", issuerService: "lanyard-issuer", vaultService: "lanyard-vault" },
          ...{ mutatingWebhookConfiguration: "lanyard-webhook", validatingWebhookConfiguration: "lanyard-webhook" },
        },
      },
    });
    await operator.synced;
  }

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs, { authorization: "RBAC" });
    await install(await render({ values: { vault: { enabled: true } } }));
    for (const process of processes) {
      tokens.set(process, (await speak("create", "token", `lanyard-${process}`, `--namespace=${SYSTEM}`)).trim());
    }
    await startWith(tokens.get("operator") ?? "");
    await write(world.slice(-8));
    // The API server learns of policies a moment after they were written: a policy of each process.
    const guarded = attacks.filter(({ answer }) => /^(writes no other|and no other|writes no Events)/.test(answer));
    for (const row of guarded) await vi.waitFor(async () => expect(await attempt(row)).toContain(row.answer), PATIENCE);
  }, 300_000);

  afterAll(async () => {
    await operator?.stop();
    await election?.stop();
    await client?.close();
    await server?.remove();
  });

  describe("the operator is not held up by what bounds it", () => {
    test.each([
      "lanyard-ca",
      "lanyard-webhook-serving",
      "lanyard-issuer-serving",
      "lanyard-vault-serving",
      "lanyard-vault-certificates",
      "lanyard-signing-keys",
    ])("it makes Secret %s", async (name) => {
      await vi.waitFor(
        async () => expect(await at("{.data}", "secret", name, `--namespace=${SYSTEM}`)).not.toBe(""),
        PATIENCE,
      );
    });

    test.each(["mutatingwebhookconfiguration", "validatingwebhookconfiguration"])(
      "it fills in the %s",
      async (kind) => {
        const path = "{.webhooks[*].clientConfig.caBundle}";
        await vi.waitFor(async () => expect(await at(path, kind, "lanyard-webhook")).not.toBe(""), PATIENCE);
      },
    );

    test.each<[string, string, string, string]>([
      ["the trust bundle", "{.data}", "configmap/lanyard-trust-bundle", "BEGIN CERTIFICATE"],
      [
        "the Service of a vault",
        "{.spec.externalName}",
        "service/secrets",
        "lanyard-vault.lanyard-system.svc.cluster.local",
      ],
      ["its condition on a pod", "{.status.conditions[*].type}", "pod/web", "lanyard.dev/Injected"],
      ["a status with a pin", "{.status.principalId}", "roleassignment/reads", "-"],
      [
        "the pin of an assignment's namespace",
        "{.status.namespaceUid}",
        "clusterroleassignment/compromised-reads",
        "-",
      ],
      ["the pin of subjects' namespace", "{.status.subjectNamespaces[*].uid}", "managedidentity/orders", "-"],
      ["a binding", "{.subjects[0].name}", "rolebinding/lanyard.role-assignment.views", "lanyard:"],
      ["the identity of a workload", "{.items[*].spec.type}", "managedidentities", "SystemAssigned"],
      ["an Event", "{.items[*].reportingController}", "events.events.k8s.io", "lanyard.dev/operator"],
    ])("it writes %s", async (_what, path, object, expected) => {
      await vi.waitFor(async () => expect(await at(path, object, `--namespace=${SHOP}`)).toContain(expected), PATIENCE);
    });

    test("it makes the built-in roles, and leads", async () => {
      await speak("wait", "--for=condition=Ready", "--timeout=20s", "roledefinitions", "--all");
      const lease = ["lease/lanyard-operator", `--namespace=${SYSTEM}`];
      await vi.waitFor(async () => expect(await at("{.spec.holderIdentity}", ...lease)).toBe("suite"), PATIENCE);
    });

    test("it takes the pin of a namespace off once the owner has removed its subjects, and pins again", async () => {
      const orders = ["managedidentity/orders", `--namespace=${SHOP}`];
      const own = { serviceAccount: "default" };
      const setSubjects = (subjects: readonly object[]): Promise<string> =>
        speak("patch", ...orders, "--type=merge", `--patch=${JSON.stringify({ spec: { subjects } })}`);
      const pins = (): Promise<string> => at("{.status.subjectNamespaces[*].name}", ...orders);
      await setSubjects([own]);
      await vi.waitFor(async () => expect(await pins()).toBe(""), PATIENCE);
      await setSubjects([own, { ...own, namespace: VAULTS }]);
      await vi.waitFor(async () => expect(await pins()).toBe(VAULTS), PATIENCE);
    });

    test("it withdraws a binding", async () => {
      const inShop = `--namespace=${SHOP}`;
      await speak("patch", "managedidentity/orders", inShop, "--type=merge", '--patch={"spec":{"disabled":true}}');
      const left = (kind: string, path: string): Promise<string> => at(path, kind, inShop);
      await vi.waitFor(async () => expect(await left("rolebindings", "{.items[*].metadata.name}")).toBe(""), PATIENCE);
    });
  });

  test.concurrent.each(attacks.map((row) => [`the ${row.process} ${row.does}`, row] as const))(
    "%s",
    async (_title, row) => expect(await attempt(row)).toContain(row.answer),
  );

  test.each(Object.entries(webhookPaths))(
    "the operator changes nothing of its %s webhooks but caBundle",
    async (_kind, path) => {
      const { webhooks } = JSON.parse(await speak("get", "--raw", path)) as { webhooks: [Webhook, ...Webhook[]] };
      const rows = webhookAttacks(webhooks, path);
      const answers = await Promise.all(rows.map(async (row) => [row.does, await attempt(row)]));
      expect(answers).toEqual(rows.map(({ does, answer }) => [does, expect.stringContaining(answer)]));
    },
  );
});
