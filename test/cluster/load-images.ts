/** `node test/cluster/load-images.ts`: builds the images of the product and gives them to the test cluster. */
import type { BaseChoice } from "../../images/base-choice.ts";
import { buildImages } from "../../images/build-images.ts";
import { step } from "../../tools/step.ts";
import { loadImages } from "./images.ts";
import { openTestCluster, type TestCluster } from "./test-cluster.ts";

const machine: BaseChoice = { from: "machine" };
const registry: BaseChoice = { from: "registry", names: {} };

/** The machine's own node asks no registry for anything. */
function choicesFor({ kind }: TestCluster): readonly BaseChoice[] {
  return kind === "node" ? [machine] : [registry, machine];
}

const cluster = await openTestCluster();
if (cluster === undefined) process.exitCode = 1;
else {
  const archives = await step("Building the images of the product", () =>
    buildImages(choicesFor(cluster), (sentence) => console.log(`  ${sentence}`)),
  );
  await step("Giving them to the cluster", () => loadImages(cluster, archives));
}
