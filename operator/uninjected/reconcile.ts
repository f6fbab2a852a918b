import { type Finding, findings } from "../../identity/findings.ts";
import type { Namespace } from "../../kube/core-objects.ts";
import { asksForInjection } from "../injection/opt-in.ts";
import { nameOf, objectText } from "../object-name.ts";
import type { Workload } from "../workload-identity/workload.ts";
import { repairCommand } from "./repair-command.ts";

interface Observed {
  /** At the top of the chain: what a person wrote. */
  readonly workload: Workload;
  readonly podsWithoutSidecar: readonly Workload[];
  readonly namespace: Namespace;
}

export interface Desired {
  /** What is wrong with the workload's pods; undefined when nothing is. */
  readonly finding: Finding | undefined;
  /** The pods that it is wrong with. */
  readonly pods: readonly Workload[];
  /** How many of them the command would repair. */
  readonly repairable: number;
}

/** Which pods ask for injection and were created without it, and what to do. */
export function reconcileUninjected({ workload, podsWithoutSidecar, namespace }: Observed): Desired {
  const pods = podsWithoutSidecar.filter(({ inject }) => asksForInjection(inject, namespace));
  const repairable = pods.filter(({ pod }) => pod?.leftAlone === undefined);
  return { finding: findingOf(workload, pods, repairable), pods, repairable: repairable.length };
}

/** What the webhook did on purpose, it would do again: then its own reason is what helps. */
function findingOf(
  workload: Workload,
  pods: readonly Workload[],
  repairable: readonly Workload[],
): Finding | undefined {
  const text = objectText(nameOf(workload));
  if (repairable.length > 0) {
    const what = workload.kind === "Pod" ? `${text} was` : `Pods of ${text} were`;
    return findings.NotInjected(what, repairCommand(workload, repairable));
  }
  const why = pods.flatMap(({ pod }) => pod?.leftAlone ?? [])[0];
  if (why === undefined) return undefined;
  return findings.InjectionRefused(workload.kind === "Pod" ? `${text} is` : `Pods of ${text} are`, why);
}
