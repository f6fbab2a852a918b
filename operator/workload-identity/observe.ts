import { isUsable } from "../../kube/stored.ts";
import { parseObjectText } from "../object-name.ts";
import type { Watches } from "../watches.ts";
import { identityName } from "./identity-name.ts";
import type { Observed } from "./reconcile.ts";

/** What the watches say of a workload and of the identities that name it. */
export function observe(workloadText: string, { workloads, managedIdentities }: Watches): Observed {
  const name = parseObjectText(workloadText);
  const workload = workloads.get(name.kind)?.get(name);
  const identities = managedIdentities.by("workload", workloadText).filter(isUsable);
  if (workload === undefined) return { workload, workloadText, identities, nameIsTaken: false };

  const { namespace } = workload.metadata;
  const named = managedIdentities.get({ namespace, name: identityName(workload) });
  const nameIsTaken = named !== undefined && !identities.some((identity) => identity === named);
  return { workload, workloadText, identities, nameIsTaken };
}
