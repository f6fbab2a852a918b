import { annotations } from "../../identity/names.ts";
import { type DialectName, dialectNames, readDialects } from "../../identity/pod-annotations.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

interface Protocols {
  /** The names that the sidecar knows them by. */
  readonly served: readonly string[];
  /** Those that only a program with the secret header can use. */
  readonly authenticated: readonly string[];
}

const protocols: Readonly<Record<DialectName, Protocols>> = {
  azure: { served: ["azure-imds", "azure-app-service"], authenticated: ["azure-app-service"] },
};

/** For programs with no cloud SDK, in every pod with a network of its own. */
const PLAIN = "plain";

/** Which protocols the sidecar of this pod serves. On the node's network any process could ask those without a secret. */
export function dialectsOf(pod: AdmittedPod): string[] {
  const chosen = readDialects(annotationsOf(pod)[annotations.dialects] ?? "") ?? dialectNames;
  if (pod.spec.hostNetwork) return chosen.flatMap((name) => protocols[name].authenticated);
  return [...chosen.flatMap((name) => protocols[name].served), PLAIN];
}
