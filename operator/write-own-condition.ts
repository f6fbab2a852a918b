import { isDeepStrictEqual } from "node:util";
import { type Condition, mergeConditions, type Observation } from "../identity/condition.ts";
import type { Kind, KubeObject } from "../kube/kind.ts";
import { stored } from "../kube/stored.ts";
import type { Context } from "./context.ts";
import { FIELD_MANAGER } from "./write-status.ts";

type WithConditions = KubeObject & {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
};

/** A condition that one controller keeps, beside the rest of the status, which is another's. */
interface OwnCondition {
  readonly type: string;
  /** Undefined: there is to be none. */
  readonly observation: Observation | undefined;
  /**
   * Ends the name of its field manager, which is not that of the rest: what a manager leaves out of a list that it
   * applied before is removed.
   */
  readonly manager: string;
}

/** Writes it when it changed. The write names the UID: an object that was made again meanwhile is another one. */
export async function writeOwnCondition(
  { api, clock }: Pick<Context, "api" | "clock">,
  kind: Kind,
  { metadata, status }: WithConditions,
  { type, observation, manager }: OwnCondition,
): Promise<void> {
  const { name, namespace, uid, generation = 0 } = metadata;
  const before = (status?.conditions ?? []).filter((condition) => condition.type === type);
  const observations = observation === undefined ? [] : [observation];
  const conditions = mergeConditions(before, observations, { now: new Date(clock.now()), generation });
  if (isDeepStrictEqual(before, conditions)) return;
  const { apiVersion } = kind;
  const manifest = { apiVersion, kind: kind.kind, metadata: { name, namespace, uid }, status: { conditions } };
  const fieldManager = `${FIELD_MANAGER}-${manager}`;
  await api.applyStatus(stored(kind), manifest, { fieldManager, force: true });
}
