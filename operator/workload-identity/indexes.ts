import { keyText } from "../../kube/kind.ts";
import { identityName } from "./identity-name.ts";
import { optIn } from "./opt-in.ts";
import type { Workload } from "./workload.ts";

/** The identity that a workload asks for, as `NAMESPACE/NAME`. */
function wantedIdentity(workload: Workload): readonly string[] {
  if (optIn(workload).kind !== "wanted") return [];
  return [keyText({ namespace: workload.metadata.namespace, name: identityName(workload) })];
}

export const workloadIndexes = { wantedIdentity };
