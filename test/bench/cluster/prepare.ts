import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installation } from "../../../identity/names.ts";
import { buildImages } from "../../../images/build-images.ts";
import { managedIdentities, protectedResources } from "../../../kube/kinds.ts";
import { findHelm } from "../../../tools/find-helm.ts";
import { step } from "../../../tools/step.ts";
import { loadImages } from "../../cluster/images.ts";
import { kubectl, type TestCluster } from "../../cluster/test-cluster.ts";
import { type Helm, install, isInstalled, SYSTEM, uninstall } from "../../e2e/support/helm.ts";
import { benchObjects, HOST_POD } from "./objects.ts";
import { benchPod, NAMESPACE, SERVICE_ACCOUNT } from "./pods.ts";

/** Installs the product as the README does, unless it is there. Resolves with what takes it away again. */
export async function installProduct(cluster: TestCluster): Promise<() => Promise<void>> {
  const helm: Helm = { cluster, program: await step("Finding Helm", findHelm) };
  if (await isInstalled(helm)) return async () => {};
  await step("Building the images and giving them to the cluster", async () =>
    loadImages(cluster, await buildImages([{ from: "machine" }, { from: "registry", names: {} }], console.log)),
  );
  await step("Installing", () => install(helm));
  return async () => {
    await uninstall(helm);
    await kubectl(cluster, "delete", "namespace", SYSTEM, "--timeout=60s");
  };
}

/** A namespace with an identity and a service, and a pod on the host network. Resolves with what takes them away again. */
export async function prepareNamespace(cluster: TestCluster): Promise<() => Promise<void>> {
  await kubectl(cluster, "delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=60s");
  const folder = mkdtempSync(join(tmpdir(), "lanyard-bench-cluster-"));
  const file = join(folder, "objects.json");
  writeFileSync(file, JSON.stringify(benchObjects(onHostNetwork())));
  await kubectl(cluster, "apply", `--filename=${file}`);
  rmSync(folder, { recursive: true });
  const waiting = ["wait", `--namespace=${NAMESPACE}`, "--for=condition=Ready", "--timeout=60s"];
  const objects = [`${managedIdentities.plural}/${SERVICE_ACCOUNT}`, `${protectedResources.plural}/target`];
  await kubectl(cluster, ...waiting, `pod/${HOST_POD}`, ...objects);
  return async () => void (await kubectl(cluster, "delete", "namespace", NAMESPACE, "--timeout=120s"));
}

function onHostNetwork(): object {
  const pod = benchPod({ name: HOST_POD, shape: "alone" });
  return { ...pod, spec: { ...(pod.spec as object), hostNetwork: true } };
}

/** How the issuer is reached from the node itself, where names of Services mean nothing. */
export async function issuerAccess(cluster: TestCluster) {
  const read = (object: string, path: string): Promise<string> =>
    kubectl(cluster, "get", object, `--namespace=${SYSTEM}`, `--output=jsonpath={${path}}`);
  const certificate = await read(`secret/${installation.issuerServingSecret}`, ".data.ca\\.crt");
  return {
    address: await read("service/lanyard-issuer", ".spec.clusterIP"),
    servername: `lanyard-issuer.${SYSTEM}.svc`,
    ca: Buffer.from(certificate, "base64").toString(),
  };
}
