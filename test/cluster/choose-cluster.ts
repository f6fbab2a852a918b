/** What is known of the machine and its environment before a cluster is chosen for the suite. */
export interface Surroundings {
  /** The variable KUBECONFIG. */
  readonly kubeconfig: string | undefined;
  /** The variable LANYARD_TEST_CONTEXT: the one context of KUBECONFIG that the suite may use. */
  readonly context: string | undefined;
  /** A Docker engine answers, and kind is installed. */
  readonly hasKind: boolean;
  /** Root on Linux, with apt-get. */
  readonly mayBeNode: boolean;
  readonly hasGo: boolean;
  /** Set by nearly every continuous integration: https://docs.github.com/actions/reference/workflows-and-actions/variables */
  readonly isContinuousIntegration: boolean;
}

/** Which cluster the suite runs against. */
export type ClusterChoice =
  | { readonly kind: "given"; readonly kubeconfig: string; readonly context: string }
  | { readonly kind: "kind" }
  | { readonly kind: "node" }
  | { readonly kind: "control-plane" }
  | { readonly kind: "none"; readonly isFailure: boolean; readonly reason: string };

const NEEDS =
  "There is no cluster to test with. Any of these is one: KUBECONFIG with LANYARD_TEST_CONTEXT, Docker with kind, " +
  "root on Debian with Go, or Go alone for what needs no pods.";

/**
 * The first that there is, from the nearest to a user's own to the least. A kubeconfig whose context nobody named for
 * tests is never used: it may be the way to a production cluster.
 */
export function chooseCluster(surroundings: Surroundings): ClusterChoice {
  const { kubeconfig, context, hasKind, mayBeNode, hasGo, isContinuousIntegration } = surroundings;
  if (kubeconfig && context) return { kind: "given", kubeconfig, context };
  if (hasKind) return { kind: "kind" };
  if (hasGo) return { kind: mayBeNode ? "node" : "control-plane" };
  return { kind: "none", isFailure: isContinuousIntegration, reason: NEEDS };
}
