/** `make bench-cluster`: measures what Lanyard costs in a real Kubernetes, and prints how that stands to the targets. */
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type ClusterClient, connect } from "../../../kube/client/connect.ts";
import { step } from "../../../tools/step.ts";
import { openTestCluster, type TestCluster } from "../../cluster/test-cluster.ts";
import { formatSection } from "../format-report.ts";
import type { Section } from "../report.ts";
import { benchGrantEffect, podToken } from "./grant-effect.ts";
import { kubeletMemory } from "./kubelet-memory.ts";
import { HOST_POD } from "./objects.ts";
import { benchPodStart } from "./pod-start.ts";
import { installProduct, issuerAccess, prepareNamespace } from "./prepare.ts";
import { processMemory } from "./process-memory.ts";
import { benchRevocations } from "./revocation.ts";
import { createInjectedPods, untilRunning } from "./running-pods.ts";
import { sidecarMemory } from "./sidecar-memory.ts";
import { benchWebhook } from "./webhook-latency.ts";

const usage = `Measures what Lanyard costs in a real Kubernetes, and compares with the targets.

  --quick        a quarter of the work, for a first look
  --revocation   only how fast it is felt that a token was taken back
`;

/** Ways to take a token back have turns, so that each has as many trials. */
const revocations = { pods: 1000, trials: 203, sidecars: 29, budgetMs: 180_000 };
const full = { starts: 12, paced: 500, closed: 600, trials: 50, revocations };
const quick = {
  ...{ starts: 4, paced: 100, closed: 150, trials: 10 },
  revocations: { pods: 250, trials: 49, sidecars: 7, budgetMs: 60_000 },
};

const SIDECARS = 20;
const PODS = 100;
/** The kubelet reads its containers' memory every ten seconds. */
const UNTIL_ACCOUNTED_MS = 25_000;

type Extent = typeof full;

async function measure(cluster: TestCluster, client: ClusterClient, extent: Extent): Promise<readonly Section[]> {
  const { api, raw } = client;
  await sleep(UNTIL_ACCOUNTED_MS);
  const withoutPods = await step("Reading the memory of the processes", () => kubeletMemory(raw));
  const starts = await step("Starting pods", () => benchPodStart(api, extent.starts));
  const subjectToken = await podToken(cluster, HOST_POD);
  const issuer = await issuerAccess(cluster);
  const grants = await step("Granting and revoking", () =>
    benchGrantEffect({ api, issuer, subjectToken, trials: extent.trials }),
  );
  const admissions = await step("Creating pods through the webhook", () => benchWebhook(api, extent));
  const withPods = await step(`Reading memory with ${PODS} injected pods, ${SIDECARS} of them running`, async () => {
    await createInjectedPods(api, "memory", { running: SIDECARS, held: PODS - SIDECARS });
    await untilRunning(api, "memory", SIDECARS);
    await sleep(UNTIL_ACCOUNTED_MS);
    return kubeletMemory(raw);
  });
  const revoked = await benchRevocations({ api, cluster }, extent.revocations);
  const memory = processMemory({ withoutPods, withPods, pods: PODS });
  return [starts, admissions, sidecarMemory(withPods), grants, revoked, memory];
}

const onlyRevocation = async (cluster: TestCluster, { api }: ClusterClient, { revocations }: Extent) => [
  await benchRevocations({ api, cluster }, revocations),
];

async function run(extent: Extent, chosen: typeof measure): Promise<void> {
  const cluster = await openTestCluster();
  if (cluster === undefined || cluster.kind === "control-plane") throw new Error("These measurements need a node.");
  const client = await connect(cluster);
  const cleanUps = [await installProduct(cluster)];
  try {
    cleanUps.push(await step("Preparing a namespace", () => prepareNamespace(cluster)));
    const sections = await chosen(cluster, client, extent);
    for (const section of sections) console.log(`\n${formatSection(section)}`);
    console.log(`\n${cpus()[0]?.model.trim()}, ${cpus().length} cores`);
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    await client.close();
  }
}

const { values } = parseArgs({
  options: { quick: { type: "boolean" }, revocation: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) process.stdout.write(usage);
else await run(values.quick ? quick : full, values.revocation ? onlyRevocation : measure);
