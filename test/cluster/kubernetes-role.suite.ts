import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactSign } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { authenticationConfiguration } from "../../cli/authentication-configuration/authentication-configuration.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP, kubernetesApi } from "../../identity/names.ts";
import { discoveryDocument } from "../../issuer/discovery.ts";
import { generateSigningKeys, publicKeySet, type SigningKeys } from "../../issuer/signing-keys.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { managedIdentities, namespaces, roleAssignments, roleDefinitions } from "../../kube/kinds.ts";
import { roleBindings } from "../../kube/rbac-kinds.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { makeCertificate } from "../bench/certificate.ts";
import { findPrograms } from "./build.ts";
import { httpsStatus } from "./https-get.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster, type TestCluster } from "./test-cluster.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const person = { fieldManager: "a-person", force: true };
const binding = { namespace: "shop", name: "lanyard.role-assignment.reads" };
const silent = { info() {}, warn() {}, error() {} };

describe.skipIf(programs === undefined)("a principal on a real API server that trusts the issuer", () => {
  let folder: string;
  let keys: SigningKeys;
  let issuer: Server;
  let issuerUrl: string;
  let apiServer: PrivateApiServer;
  let cluster: TestCluster;
  let admin: ClusterClient;
  let operator: Operator;
  let operatorClient: ClusterClient;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lanyard-kubernetes-role-"));
    keys = await generateSigningKeys();
    await makeCertificate(folder);
    const [cert, key] = await Promise.all(["cert.pem", "key.pem"].map((file) => readFile(join(folder, file), "utf8")));
    issuer = createServer({ cert, key }, ({ url }, reply) => {
      const document = url === "/keys" ? publicKeySet(keys) : discoveryDocument(issuerUrl);
      reply.setHeader("content-type", "application/json").end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "localhost", resolve));
    issuerUrl = `https://localhost:${(issuer.address() as AddressInfo).port}`;
    const { audience } = kubernetesApi;
    const trust = { apiVersion: "v1", issuerUrl, audience, certificateAuthority: cert } as const;
    const file = join(folder, "authentication.yaml");
    await writeFile(file, stringify(authenticationConfiguration(trust)));
    if (programs === undefined) return;
    apiServer = await PrivateApiServer.start(programs, {
      authorization: "RBAC",
      flags: [`--authentication-config=${file}`],
    });
    cluster = { kind: "control-plane", kubeconfig: apiServer.kubeconfig, context: "private" };
    await kubectl(cluster, "apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await kubectl(cluster, "wait", "--for=condition=Established", "--timeout=30s", ...crds);
    admin = await connect(cluster);
    await prepare();
    operatorClient = await connect({ kubeconfig: await kubeconfigOfOperator() });
    operator = startOperator({ api: operatorClient.api, clock: systemClock, log: silent });
    await operator.synced;
  }, 180_000);

  afterAll(async () => {
    await operator?.stop();
    await operatorClient?.close();
    await admin?.close();
    await apiServer?.remove();
    issuer?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The operator may do anything but bind: what it may bind comes later. */
  async function prepare(): Promise<void> {
    const rules = [
      { apiGroups: [""], resources: ["namespaces", "pods", "serviceaccounts"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["apps", "batch"], resources: ["*"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [API_GROUP], resources: ["*"], verbs: ["*"] },
      { apiGroups: ["rbac.authorization.k8s.io"], resources: ["rolebindings", "clusterrolebindings"], verbs: ["*"] },
    ];
    await role("operator", rules);
    await kubectl(
      cluster,
      "create",
      "clusterrolebinding",
      "operator",
      "--clusterrole=operator",
      "--serviceaccount=shop:operator",
    );
    await role("configmap-reader", [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }]);
    await admin.api.apply(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }, person);
    await lanyard(
      managedIdentities,
      { name: "orders", namespace: "shop" },
      { subjects: [{ serviceAccount: "orders" }] },
    );
    await lanyard(roleDefinitions, { name: "viewer" }, { kubernetesRole: "configmap-reader" });
  }

  async function kubeconfigOfOperator(): Promise<string> {
    await kubectl(cluster, "create", "serviceaccount", "operator", "--namespace=shop");
    const token = await kubectl(cluster, "create", "token", "operator", "--namespace=shop");
    return apiServer.kubeconfigWith(token.trim());
  }

  async function role(name: string, rules: readonly object[]): Promise<void> {
    const file = join(folder, `${name}.json`);
    const apiVersion = "rbac.authorization.k8s.io/v1";
    await writeFile(file, JSON.stringify({ apiVersion, kind: "ClusterRole", metadata: { name }, rules }));
    await kubectl(cluster, "apply", `--filename=${file}`);
  }

  async function lanyard(
    kind: { apiVersion: string; kind: string } & Parameters<ClusterClient["api"]["apply"]>[0],
    metadata: { name: string; namespace?: string },
    spec: object,
  ) {
    await admin.api.apply(kind, { apiVersion: kind.apiVersion, kind: kind.kind, metadata, spec }, person);
  }

  async function token(): Promise<string> {
    const { metadata } = await admin.api.get(managedIdentities, { namespace: "shop", name: "orders" });
    const now = Math.floor(Date.now() / 1000);
    const payload = { iss: issuerUrl, aud: kubernetesApi.audience, sub: metadata.uid, idtyp: "app", jti: "1" };
    const claims = { ...payload, xms_mirid: "/namespaces/shop/managedIdentities/orders", iat: now, exp: now + 600 };
    const header = { alg: "RS256", kid: keys.RS256.kid, typ: "at+jwt" };
    return new CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header).sign(keys.RS256.privateKey);
  }

  /** The status of a list of ConfigMaps in namespace shop, asked for with the identity's token. */
  async function ask(): Promise<number> {
    const { hostname, port } = new URL(apiServer.url);
    const headers = { authorization: `Bearer ${await token()}` };
    return httpsStatus({
      hostname,
      port,
      path: "/api/v1/namespaces/shop/configmaps",
      headers,
      rejectUnauthorized: false,
    });
  }

  const eventually = (check: () => Promise<void>): Promise<void> =>
    vi.waitFor(check, { timeout: 20_000, interval: 200 });
  const readyReason = async (): Promise<string | undefined> => {
    const { status } = await admin.api.get(roleAssignments, { namespace: "shop", name: "reads" });
    return status?.conditions?.find(({ type }) => type === "Ready")?.reason;
  };

  test("is known, and refused, before the assignment", () => eventually(async () => expect(await ask()).toBe(403)));

  test("is refused while the operator may not bind the ClusterRole, which the assignment says", async () => {
    const principal = { managedIdentity: "orders" };
    await lanyard(roleAssignments, { name: "reads", namespace: "shop" }, { principal, roleDefinition: "viewer" });
    await eventually(async () => expect(await readyReason()).toBe("KubernetesRoleForbidden"));
    expect(await ask()).toBe(403);
  });

  test("may read once the operator may bind it", async () => {
    const bind = { apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], verbs: ["bind"] };
    await role("binder", [{ ...bind, resourceNames: ["configmap-reader"] }]);
    await kubectl(
      cluster,
      "create",
      "clusterrolebinding",
      "binder",
      "--clusterrole=binder",
      "--serviceaccount=shop:operator",
    );
    await kubectl(cluster, "annotate", "--namespace=shop", "roleassignment/reads", "try=again");
    await eventually(async () => expect(await readyReason()).toBe("Ready"));
    await eventually(async () => expect(await ask()).toBe(200));
  });

  test("still may after somebody deleted the binding", async () => {
    const before = await admin.api.get(roleBindings, binding);
    await admin.api.delete(roleBindings, binding);
    await eventually(async () => {
      expect((await admin.api.get(roleBindings, binding)).metadata.uid).not.toBe(before.metadata.uid);
    });
    await eventually(async () => expect(await ask()).toBe(200));
  });

  test("still may after somebody gave the binding to another", async () => {
    const user = JSON.stringify([{ op: "replace", path: "/subjects/0/name", value: "mallory" }]);
    await kubectl(
      cluster,
      "patch",
      "--namespace=shop",
      `rolebinding/${binding.name}`,
      "--type=json",
      `--patch=${user}`,
    );
    await eventually(async () => {
      const [subject] = (await admin.api.get(roleBindings, binding)).subjects ?? [];
      expect(subject?.name).toMatch(/^lanyard:/);
    });
    await eventually(async () => expect(await ask()).toBe(200));
  });

  test("may not any more when the identity is disabled, whatever token it has", async () => {
    await lanyard(managedIdentities, { name: "orders", namespace: "shop" }, { disabled: true });
    await eventually(async () => expect(await ask()).toBe(403));
  });
});
