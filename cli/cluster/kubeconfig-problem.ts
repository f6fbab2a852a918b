import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isInCluster } from "../../kube/client/in-cluster.ts";
import type { ConnectionOptions } from "./options.ts";

/** Where kubectl keeps it. https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
const HOME_KUBECONFIG = ".kube/config";

/**
 * Says that nobody named a cluster, and undefined when somebody did. Without this the client falls back to
 * localhost:8080 as kubectl does, and its complaint about that is of no use to anybody.
 */
export function kubeconfigProblem(
  { kubeconfig, context }: ConnectionOptions,
  environment: NodeJS.ProcessEnv,
  exists: (file: string) => boolean = existsSync,
): string | undefined {
  if (kubeconfig !== undefined || environment.KUBECONFIG) return undefined;
  if (context === undefined && isInCluster(environment)) return undefined;
  const file = join(environment.HOME ?? homedir(), HOME_KUBECONFIG);
  return exists(file) ? undefined : `KUBECONFIG is not set, and there is no ~/${HOME_KUBECONFIG}.`;
}
