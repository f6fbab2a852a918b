import { z } from "zod";
import { timestamp } from "./timestamp.ts";

/** metav1.Condition. https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties */
export const conditionSchema = z
  .object({
    type: z.string().max(316).describe("Type of the condition in CamelCase."),
    status: z.enum(["True", "False", "Unknown"]).describe("Whether the condition holds."),
    observedGeneration: z
      .int()
      .min(0)
      .optional()
      .describe("The metadata.generation that this condition was computed from."),
    lastTransitionTime: z.iso.datetime().describe("When the status of this condition last changed."),
    reason: z
      .string()
      .min(1)
      .max(1024)
      .describe("Why, as one CamelCase word from the list in docs/reference/reasons.md."),
    message: z.string().max(32768).describe("Why, as a sentence that says what to do next."),
  })
  .describe("One observation of the object's state.");
export type Condition = z.infer<typeof conditionSchema>;

export const conditionsSchema = z
  .array(conditionSchema)
  .describe("Observations of the object's state; Ready is the summary.")
  .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] });

/** What a reconciler observed, before the API's bookkeeping (transition time, generation) is added. */
export type Observation = Pick<Condition, "type" | "status" | "reason" | "message">;

/**
 * The conditions to write, one for each observation. `lastTransitionTime` moves only when a status changes, so that
 * what did not change is not written. A condition that is no longer observed is left out, and so removed.
 */
export function mergeConditions(
  current: readonly Condition[],
  observations: readonly Observation[],
  at: { readonly now: Date; readonly generation: number },
): Condition[] {
  return observations.map((observation) => {
    const before = current.find((condition) => condition.type === observation.type);
    const unchanged = before?.status === observation.status;
    return {
      ...observation,
      observedGeneration: at.generation,
      lastTransitionTime: unchanged ? before.lastTransitionTime : timestamp(at.now),
    };
  });
}
