/** The API server is restarted, and as a service that trusts the issuer it takes the tokens of managed identities. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { stringify } from "yaml";
import { authenticationConfiguration } from "../../../cli/authentication-configuration/authentication-configuration.ts";
import { kubernetesApi } from "../../../identity/names.ts";
import { restartApiServer } from "../../cluster/restart-api-server.ts";
import { pod } from "../support/application.ts";
import { type Reply, requestFrom } from "../support/ask.ts";
import { accountOf, startAsking } from "../support/asking.ts";
import { SYSTEM } from "../support/helm.ts";
import { apply, field, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { managedIdentity, serviceAccount } from "../support/objects.ts";
import { restartsOfProcesses } from "../support/processes.ts";

const namespace = "e2e-api-server";
const issuerHost = "lanyard-issuer.lanyard-system.svc";

/** Only the API server of the node is ours to restart. */
describe.skipIf(inject("cluster")?.kind !== "node")("the API server of the node", () => {
  let folder: string;
  useNamespaces(namespace);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lanyard-e2e-"));
    await apply(
      serviceAccount({ namespace, name: "reader" }),
      managedIdentity({ namespace, name: "reader" }, ["reader"]),
      kubernetesResource,
      pod({ namespace, name: "reader", serviceAccount: "reader" }),
    );
    await Promise.all([startAsking(namespace), waitFor(namespace, "Ready", "pod/reader")]);
  });

  afterAll(async () => {
    await restartApiServer();
    await kubectl("delete", "protectedresource/kubernetes", "--namespace=default");
    await rm(folder, { recursive: true, force: true });
  });

  /** With the token of the managed identity, and nothing else. */
  const listPods = (): Promise<Reply> =>
    requestFrom(namespace, "reader", {
      url: `https://kubernetes.default.svc/api/v1/namespaces/${namespace}/pods`,
      as: kubernetesApi.audience,
    });

  test("knows nobody of the issuer's at first", async () => {
    expect(await listPods()).toMatchObject({ status: 401 });
  });

  test("is restarted: no application sees a failure, and no process of ours ends", async () => {
    const before = await accountOf(namespace);
    await restartApiServer(await trustingIssuer(folder));
    const fresh = async (): Promise<number> => (await accountOf(namespace)).fresh;
    await expect.poll(fresh).toBeGreaterThan(before.fresh + 10);
    expect((await accountOf(namespace)).failures).toEqual([]);
    expect(await restartsOfProcesses()).toBe(0);
  });

  test("now trusts the issuer, and refuses a principal without a role", async () => {
    await expect.poll(listPods).toMatchObject({ status: 403, body: { message: expect.stringContaining("lanyard:") } });
  });

  test("lets a pod read with its managed identity, once that is assigned kubernetes-view", async () => {
    await apply(kubernetesView);
    await waitFor(namespace, "Ready", "roleassignment/reads-kubernetes");
    await expect.poll(listPods).toMatchObject({ status: 200, body: { kind: "PodList" } });
  });

  test("refuses it again when the assignment is deleted", async () => {
    await kubectl("delete", "roleassignment/reads-kubernetes", `--namespace=${namespace}`);
    await expect.poll(listPods).toMatchObject({ status: 403 });
  });
});

/** What docs/how-to/kubernetes-api.md tells an administrator to do. */
async function trustingIssuer(folder: string) {
  const certificateAuthority = Buffer.from(
    await field(SYSTEM, "secret/lanyard-issuer-serving", "{.data.ca\\.crt}"),
    "base64",
  ).toString();
  const issuerUrl = `https://${issuerHost}`;
  const trust = { apiVersion: "v1", issuerUrl, audience: kubernetesApi.audience, certificateAuthority } as const;
  const file = join(folder, "authentication.yaml");
  await writeFile(file, stringify(authenticationConfiguration(trust)));
  const address = await field(SYSTEM, "service/lanyard-issuer", "{.spec.clusterIP}");
  return { flags: [`--authentication-config=${file}`], hosts: { [issuerHost]: address } };
}

/** RBAC decides, so a token for it needs no role of Lanyard's. */
/** In the namespace of the Service that the audience names: no other may register it. */
const kubernetesResource = {
  apiVersion: "lanyard.dev/v1alpha1",
  kind: "ProtectedResource",
  metadata: { namespace: "default", name: "kubernetes" },
  spec: { audiences: [kubernetesApi.audience], assignmentRequired: false },
};

const kubernetesView = {
  apiVersion: "lanyard.dev/v1alpha1",
  kind: "RoleAssignment",
  metadata: { namespace, name: "reads-kubernetes" },
  spec: { principal: { managedIdentity: "reader" }, roleDefinition: "kubernetes-view" },
};
