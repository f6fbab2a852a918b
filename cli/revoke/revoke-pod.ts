import { keyText, type ObjectKey } from "../../kube/kind.ts";
import { pods } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import type { Answer } from "../cluster/answer.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { UsageError } from "../usage-error.ts";
import { type RevokeOptions, revoke } from "./revoke.ts";

export interface PodToRevoke {
  readonly namespace: string;
  readonly name: string;
  /** UID of a pod that may have ended, so that the command does not look for it. */
  readonly uid: string | undefined;
}

export interface RevokePodOptions extends RevokeOptions {
  /** Answers the question for a person. */
  readonly yes?: true;
}

/** Revokes the tokens of a pod. If there is no pod of that name, the name may be mistyped: it asks before it writes. */
export async function revokePod(
  { namespace, name, uid }: PodToRevoke,
  options: RevokePodOptions,
  session: Session,
): Promise<Answer> {
  if (uid !== undefined) return revoke({ namespace, spec: { pod: { name, uid } } }, options, session);
  const found = await lookFor({ namespace, name }, session);
  if (found === "missing" && !options.yes) await ask({ namespace, name }, session);
  const answer = await revoke({ namespace, spec: { pod: { name } } }, options, session);
  return { ...answer, notes: [...lookNotes[found]({ namespace, name }), ...(answer.notes ?? [])] };
}

type Found = "there" | "missing" | "unseen";

/** A missing right to see pods does not keep a person from revoking their tokens. */
async function lookFor(key: ObjectKey, { api }: Session): Promise<Found> {
  try {
    return (await find(api, pods, key)) === undefined ? "missing" : "there";
  } catch (error) {
    if (!isStatus(error, "Forbidden")) throw error;
    return "unseen";
  }
}

const lookNotes: Readonly<Record<Found, (key: ObjectKey) => string[]>> = {
  there: () => [],
  missing: (key) => [
    `There is no pod ${keyText(key)} now: this revokes the tokens of pods of that name that have ended.`,
  ],
  unseen: (key) => [`You may not get pods there, so this command did not check that pod ${keyText(key)} exists.`],
};

async function ask(key: ObjectKey, { confirm }: Session): Promise<void> {
  const missing = `there is no pod ${keyText(key)} now.`;
  const answer = await confirm(
    `There is no pod ${keyText(key)} now. Revoke the tokens of pods of that name that have ended?`,
  );
  if (answer === true) return;
  throw new UsageError(
    answer === false
      ? `${missing} Nothing is revoked.`
      : `${missing} Nothing is revoked. Correct the name; for a pod that has ended, add --uid UID, or --yes for every pod of that name.`,
  );
}
