import type { RequestFacts } from "../../identity/request-facts.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { keyText } from "../../kube/kind.ts";
import { pods } from "../../kube/kinds.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";

export interface FactOptions {
  /** `[NAMESPACE/]NAME` of the pod that asks. */
  readonly pod?: string | undefined;
  readonly audience?: string | undefined;
}

/** What conditions are asked about; what nobody named stays unknown, and a condition on it undecided. */
export async function readFacts(
  { pod, audience }: FactOptions,
  { api, namespace, clock }: Pick<Session, "api" | "namespace" | "clock">,
): Promise<RequestFacts> {
  const facts = { now: clock.now(), audience };
  if (pod === undefined) return facts;
  const key = parseNamespacedName(pod, namespace);
  const found = await find(api, pods, key);
  if (found === undefined) throw new UsageError(`there is no pod ${keyText(key)}.`);
  return { ...facts, pod: podFacts(found) };
}

function podFacts({ metadata, spec }: Pod): NonNullable<RequestFacts["pod"]> {
  const { namespace, name, labels = {} } = metadata;
  return { namespace, name, serviceAccount: spec.serviceAccountName, labels };
}
