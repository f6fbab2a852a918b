import type { Condition } from "../../identity/condition.ts";
import type { Kind, KubeObject, ObjectKey } from "../../kube/kind.ts";
import { poll } from "./poll.ts";
import type { Session } from "./session.ts";

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

/** Waits until the operator has judged an object, and says what it waits for whenever that changes. */
export async function untilReady(
  kind: Kind<Conditioned>,
  key: ObjectKey,
  session: Session,
  { timeoutMs, isPassing }: Patience,
): Promise<Readiness> {
  let last: Condition | undefined;
  let said: string | undefined;
  const look = async (): Promise<Readiness | undefined> => {
    last = currentReady(await session.api.get(kind, key));
    const judged = last && judgement(last, isPassing);
    const waiting = last?.message ?? "Waiting for the operator to look at it.";
    if (judged === undefined && waiting !== said) session.say(waiting);
    said = waiting;
    return judged;
  };
  return (await poll(look, session, timeoutMs)) ?? { kind: "late", condition: last };
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
