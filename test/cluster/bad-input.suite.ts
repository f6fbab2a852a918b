import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { principalId } from "../../identity/ids.ts";
import { API_GROUP } from "../../identity/names.ts";
import { namespaceScope } from "../../identity/scope.ts";
import { type ClusterState, watchCluster } from "../../issuer/cluster-state.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { startWebhook, type Webhook } from "../../webhook/webhook.ts";
import { makeCertificate } from "../bench/certificate.ts";
import { withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { settings } from "../webhook/facts.ts";
import { assignment, circle, clusterAssignment, lanyard, role } from "./bad-input/objects.ts";
import { badConditions, refusedByTheServer } from "./bad-input/refused-at-write.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const PATIENCE = { timeout: 20_000, interval: 100 };
const WEBHOOK = "lanyard-webhook";
/** Wrong for the webhook alone. */
const unjudged = assignment("unjudged", { condition: "pod.name" });

describe.skipIf(programs === undefined)("bad input on a real API server", () => {
  let folder: string;
  let server: PrivateApiServer;
  let client: ClusterClient;
  let operator: Operator;
  let webhook: Webhook;
  let listener: Server;
  let state: ClusterState;

  const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
  const write = (...items: readonly object[]): Promise<string> =>
    withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items }), (file) => speak("apply", `--filename=${file}`));
  /** What the server says to a new object; it keeps nothing. */
  const attempt = (object: object): Promise<string> =>
    withFile(JSON.stringify(object), (file) => speak("create", "--dry-run=server", `--filename=${file}`));
  /** The reason and message of the Ready condition of an assignment in shop. */
  const ready = (name: string): Promise<string> =>
    speak(
      ...["get", `roleassignment/${name}`, "--namespace=shop"],
      '--output=jsonpath={.status.conditions[?(@.type=="Ready")].reason}: {.status.conditions[?(@.type=="Ready")].message}',
    );
  const becomes = (name: string, expected: string): Promise<void> =>
    vi.waitFor(async () => expect(await ready(name)).toContain(expected), PATIENCE);

  /** Whether the issuer would let an identity of shop read secrets in namespace shop. */
  async function mayRead(identity = "orders"): Promise<boolean> {
    const { metadata } = await client.api.get(managedIdentities, { namespace: "shop", name: identity });
    const asked = { principal: principalId(metadata.uid), action: "secrets/read", scope: namespaceScope("shop") };
    return state.access.decide(asked, { now: Date.now() }).kind === "allowed";
  }

  beforeAll(async () => {
    if (programs === undefined) return;
    folder = await mkdtemp(join(tmpdir(), "lanyard-bad-input-"));
    server = await PrivateApiServer.start(programs);
    await speak("apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await speak("wait", "--for=condition=Established", "--timeout=30s", ...crds);
    for (const namespace of ["shop", "leaving"]) await speak("create", "namespace", namespace);
    client = await connect(server);
    const common = { api: client.api, clock: systemClock, log: silentLog };
    operator = startOperator(common);
    state = watchCluster(common);
    webhook = startWebhook({ serverHasNativeSidecars: () => true, ...common, settings });
    await Promise.all([operator.synced, state.synced, webhook.synced]);
    await write(role("reader", ["secrets/read"]), lanyard("ManagedIdentity", "orders", {}));
    await serveWebhook();
  }, 120_000);

  async function serveWebhook(): Promise<void> {
    await makeCertificate(folder);
    const [cert, key] = await Promise.all(["cert.pem", "key.pem"].map((file) => readFile(join(folder, file), "utf8")));
    listener = createServer({ cert, key }, webhook.listener);
    await new Promise<void>((resolve) => listener.listen(0, "localhost", resolve));
    const url = `https://localhost:${(listener.address() as AddressInfo).port}/validate`;
    await write({
      ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" },
      metadata: { name: WEBHOOK },
      webhooks: [
        {
          ...{ name: "resources.lanyard.dev", failurePolicy: "Fail", sideEffects: "None" },
          admissionReviewVersions: ["v1"],
          clientConfig: { url, caBundle: Buffer.from(cert ?? "").toString("base64") },
          rules: [{ apiGroups: [API_GROUP], apiVersions: ["*"], resources: ["*"], operations: ["CREATE", "UPDATE"] }],
        },
      ],
    });
    await vi.waitFor(() => expect(attempt(unjudged)).rejects.toThrow("ObjectInvalid"), PATIENCE);
  }

  afterAll(async () => {
    await Promise.all([operator?.stop(), state?.stop(), webhook?.stop()]);
    listener?.close();
    await client?.close();
    await server?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  describe("with the webhook", () => {
    test.each([...refusedByTheServer])("%s is refused", async (_what, object, says) => {
      await expect(attempt(object)).rejects.toThrow(says);
    });

    test.each([...badConditions])("a condition %s is refused, with its place", async (_what, condition, says) => {
      await expect(attempt(assignment("bad", { condition }))).rejects.toThrow(says);
    });

    test("an end in the past is stored all the same, and held Expired", async () => {
      expect(await write(assignment("ended", { expiresAt: "2020-01-01T00:00:00Z" }))).toContain("created");
      await becomes("ended", "Expired");
    });
  });

  describe("without the webhook", () => {
    beforeAll(async () => {
      await speak("delete", "validatingwebhookconfiguration", WEBHOOK);
      // The server forgets a webhook a moment after it is deleted.
      await vi.waitFor(() => expect(attempt(unjudged)).resolves.toContain("created"), PATIENCE);
    });

    test.each([...refusedByTheServer])("%s is refused all the same", async (_what, object, says) => {
      await expect(attempt(object)).rejects.toThrow(says);
    });

    test.each([...badConditions])("a condition %s is held Invalid, with its place", async (what, condition, says) => {
      const name = what.replaceAll(" ", "-");
      await write(assignment(name, { condition }));
      await becomes(name, "Invalid: ");
      expect(await ready(name)).toContain(says);
    });

    test("a role that does not exist is waited for", async () => {
      await write(assignment("of-no-role", { roleDefinition: "raeder" }));
      await becomes("of-no-role", 'RoleNotFound: RoleDefinition raeder does not exist. Did you mean "reader"?');
    });

    test("a principal in a namespace that is being deleted is given nothing more", async () => {
      // No controller runs here, so that the namespace stays as it is while it ends.
      await write({ ...lanyard("ManagedIdentity", "late", {}), metadata: { name: "late", namespace: "leaving" } });
      const principal = { managedIdentity: "late", namespace: "leaving" };
      await write(assignment("in-time", { principal }));
      await becomes("in-time", "Ready: ");
      await speak("delete", "namespace", "leaving", "--wait=false");
      await write(assignment("late", { principal }));
      await becomes("late", "PrincipalNamespaceTerminating: ");
      // Its pods may have work to finish.
      await write(assignment("in-time", { principal, expiresAt: "2100-01-01T00:00:00Z" }));
      await becomes("in-time", "Ready: The principal has role reader on /namespaces/shop until 2100-01-01T00:00:00Z.");
    });

    test("owners in a circle are nobody's workload", async () => {
      await write(...circle());
      expect(await speak("get", "managedidentities", "--namespace=shop", "--output=name")).toBe(
        "managedidentity.lanyard.dev/orders\n",
      );
    });

    test("nothing of all this gives anybody anything", async () => {
      expect(await mayRead()).toBe(false);
    });
  });

  test("a good assignment that comes after all of them is Ready, and works", async () => {
    await write(assignment("good"), clusterAssignment("elsewhere", { scope: "/namespaces/leaving" }));
    await becomes("good", "Ready: ");
    await vi.waitFor(async () => expect(await mayRead()).toBe(true), PATIENCE);
  });
});
