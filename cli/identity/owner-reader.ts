import type { ReadOwner } from "../../issuer/controller-chain.ts";
import type { KubeObject } from "../../kube/kind.ts";
import { workloads } from "../../kube/kinds.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";

/** Reads what a pod belongs to, one kind of workload above the other. */
export function ownerReader({ api }: Pick<Session, "api">): ReadOwner {
  const kinds = Object.values(workloads);
  return async ({ apiVersion, kind, name }, namespace) => {
    const known = kinds.find((each) => each.kind === kind && each.apiVersion === apiVersion);
    return known === undefined ? "unknown" : find<KubeObject>(api, known, { namespace, name });
  };
}
