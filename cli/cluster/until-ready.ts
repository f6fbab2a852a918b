import type { Condition } from "../../identity/condition.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/kind.ts";
import { sleep } from "../../kube/sleep.ts";
import type { Session } from "./session.ts";

const POLL_MS = 500;

interface Conditioned extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}

/** What came of waiting for an object's Ready condition. */
export type Readiness =
  | { readonly kind: "ready"; readonly condition: Condition }
  /** The operator has judged it, and no waiting mends that. */
  | { readonly kind: "refused"; readonly condition: Condition }
  | { readonly kind: "late"; readonly condition: Condition | undefined };

export interface Patience {
  readonly timeoutMs: number;
  /** A reason that passes by itself. */
  readonly isPassing: (reason: string) => boolean;
}

/**
 * Asks again and again, since a person may read what they may not watch; says what it waits for whenever that changes.
 * It ends when the object is judged, when the time is up, or when the person does not want to wait any longer.
 */
export async function untilReady(
  kind: Kind<Conditioned>,
  key: ObjectKey,
  { api, clock, say, signal }: Session,
  { timeoutMs, isPassing }: Patience,
): Promise<Readiness> {
  const deadline = clock.now() + timeoutMs;
  let said: string | undefined;
  while (true) {
    const condition = currentReady(await api.get(kind, key));
    const judged = condition && judgement(condition, isPassing);
    if (judged !== undefined) return judged;
    if (clock.now() >= deadline || signal.aborted) return { kind: "late", condition };
    const waiting = condition?.message ?? "Waiting for the operator to look at it.";
    if (waiting !== said) say(waiting);
    said = waiting;
    await sleep(clock, POLL_MS, signal);
  }
}

function judgement(condition: Condition, isPassing: Patience["isPassing"]): Readiness | undefined {
  if (condition.status === "True") return { kind: "ready", condition };
  return isPassing(condition.reason) ? undefined : { kind: "refused", condition };
}

/** A condition of an earlier generation says nothing of what was just written. */
function currentReady({ metadata, status }: Conditioned): Condition | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return (ready?.observedGeneration ?? 0) >= (metadata.generation ?? 0) ? ready : undefined;
}
