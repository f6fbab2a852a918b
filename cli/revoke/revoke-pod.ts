import { keyText, type ObjectKey } from "../../kube/kind.ts";
import { pods } from "../../kube/kinds.ts";
import { StatusError } from "../../kube/status-error.ts";
import type { Answer } from "../cluster/answer.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { type RevokeOptions, revoke } from "./revoke.ts";

export interface PodToRevoke {
  readonly namespace: string;
  readonly name: string;
  /** Of one that may have ended, which nobody need look for. */
  readonly uid: string | undefined;
}

/** Revokes the tokens of a pod, and says when there is none of that name: its name may be mistyped. */
export async function revokePod(
  { namespace, name, uid }: PodToRevoke,
  options: RevokeOptions,
  session: Session,
): Promise<Answer> {
  if (uid !== undefined) return revoke({ namespace, spec: { pod: { name, uid } } }, options, session);
  const missing = await missingNotes({ namespace, name }, session);
  const answer = await revoke({ namespace, spec: { pod: { name } } }, options, session);
  return { ...answer, notes: [...missing, ...(answer.notes ?? [])] };
}

/** Nothing where it cannot be seen: a look must not stand in the way of a revocation. */
async function missingNotes(key: ObjectKey, { api }: Session): Promise<readonly string[]> {
  try {
    if ((await find(api, pods, key)) !== undefined) return [];
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return [];
  }
  return [
    `There is no pod ${keyText(key)} now, so this is about pods of that name that have ended. Is the name right? With --uid one that has ended is meant, and not looked for.`,
  ];
}
