import type { KubeApi } from "../../../kube/api.ts";
import { step } from "../../../tools/step.ts";
import type { TestCluster } from "../../cluster/test-cluster.ts";
import type { Section } from "../report.ts";
import { podToken } from "./grant-effect.ts";
import { IssuerConnection } from "./issuer-connection.ts";
import { HOST_POD } from "./objects.ts";
import { issuerAccess } from "./prepare.ts";
import { restoreAccess } from "./revocation-effects.ts";
import { benchRevocation } from "./revocation-time.ts";
import { benchSidecars } from "./sidecar-revocation.ts";
import { createFakeNode, createWatchedPods } from "./watched-pods.ts";

export interface RevocationExtent {
  /** All the pods that are watched. */
  readonly pods: number;
  readonly trials: number;
  readonly sidecars: number;
  readonly budgetMs: number;
}

const WAYS = 7;

/** How fast it is felt, wherever it can be, that a token was taken back. */
export async function benchRevocations(
  { api, cluster }: { readonly api: KubeApi; readonly cluster: TestCluster },
  { pods, trials, sidecars, budgetMs }: RevocationExtent,
): Promise<Section> {
  const removeNode = await createFakeNode(cluster);
  const issuer = new IssuerConnection(await issuerAccess(cluster));
  try {
    const used = Math.ceil(trials / WAYS) + WAYS;
    const watched = await step(`Creating ${pods} pods to watch`, () =>
      createWatchedPods({ api, cluster }, { pods, withToken: used + sidecars }),
    );
    const bench = { api, issuer, askerToken: await podToken(cluster, HOST_POD), trials, budgetMs };
    await restoreAccess(api);
    const section = await step("Taking tokens back", () => benchRevocation({ ...bench, pods: watched.slice(0, used) }));
    const rows = await step("Taking tokens back from sidecars", () =>
      benchSidecars({ ...bench, pods: watched.slice(used) }, sidecars),
    );
    const notes = [
      ...section.notes,
      `${pods} pods are watched, and ${sidecars} applications ask their sidecar in a loop.`,
    ];
    return { ...section, rows: [...section.rows, ...rows], notes };
  } finally {
    issuer.close();
    await removeNode();
  }
}
