import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildImages } from "../../images/build-images.ts";
import { findHelm } from "../../tools/find-helm.ts";
import { step } from "../../tools/step.ts";
import { loadImages } from "../cluster/images.ts";
import { kubectl, openTestCluster, type TestCluster } from "../cluster/test-cluster.ts";
import { buildAppImages } from "./images/app-images.ts";
import { type Helm, install, isInstalled, SYSTEM, uninstall } from "./support/helm.ts";
import { collectLogs } from "./support/log-collector.ts";
import { OWN } from "./support/namespaces.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Undefined where there is none that runs pods. */
    cluster: TestCluster | undefined;
    helm: string;
    /** What `helm install` printed. */
    notes: string;
  }
}

const crds = join(import.meta.dirname, "../../crds");
const [[label, value]] = Object.entries(OWN) as [[string, string]];

/** Installs the product as the README does, and takes it away again. */
export default async function setUp(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const cluster = await openTestCluster();
  const isFit = cluster !== undefined && cluster.kind !== "control-plane";
  project.provide("cluster", isFit ? cluster : undefined);
  if (!isFit) return undefined;
  const helm: Helm = { cluster, program: await step("Finding Helm", findHelm) };
  if (cluster.kind !== "given") {
    await step("Building the images and giving them to the cluster", () => provideImages(cluster));
  }
  await step("Clearing away what an earlier run left", () => clearAway(helm));
  const stopCollecting = await collectLogs(cluster);
  project.provide("helm", helm.program);
  project.provide("notes", await step("Installing", () => install(helm)));
  return async () => {
    await step("Taking everything away", () => clearAway(helm));
    await stopCollecting();
  };
}

async function provideImages(cluster: TestCluster): Promise<void> {
  const say = (sentence: string): void => console.log(sentence);
  const ofProduct = await buildImages([{ from: "machine" }, { from: "registry", names: {} }], say);
  await loadImages(cluster, [...ofProduct, ...(await buildAppImages())]);
}

/** The namespaces go first: while the product is there, nothing of theirs waits for it in vain. */
async function clearAway(helm: Helm): Promise<void> {
  const { cluster } = helm;
  await kubectl(cluster, "delete", "namespace", `--selector=${label}=${value}`, "--timeout=60s");
  if (await isInstalled(helm)) await uninstall(helm);
  await kubectl(cluster, "delete", "namespace", SYSTEM, "lanyard-vault", "--ignore-not-found", "--timeout=60s");
  // Helm takes over none that kubectl applied, as the suite of test/cluster does.
  await kubectl(cluster, "delete", "--ignore-not-found", `--filename=${crds}`);
}
