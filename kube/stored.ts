import { z } from "zod";
import { conditionSchema } from "../identity/condition.ts";
import { objectMetaSchema } from "../identity/object-meta.ts";
import { enumerate } from "../identity/reasons.ts";
import type { Kind, KubeObject } from "./kind.ts";

/** What can still be read of an object whose content breaks a rule, as one may that was stored before the rule existed. */
const unusableSchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: objectMetaSchema,
  status: z
    .object({
      /** The pin of a role assignment outlives everything, or the grant would go to whoever has the name next. */
      principalId: z.string().optional(),
      namespaceUid: z.string().optional(),
      subjectNamespaces: z
        .array(z.object({ name: z.string(), uid: z.string() }))
        .optional()
        .catch(undefined),
      /** So do the audiences of a protected resource, or another resource would take them. */
      audiences: z.array(z.string()).optional().catch(undefined),
      conditions: z.array(conditionSchema).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

export interface Unusable extends z.infer<typeof unusableSchema> {
  /** What is wrong, as a sentence for the object's Ready condition. */
  readonly unusable: string;
}

/** An object as the API holds it. */
export type Stored<T extends KubeObject> = T | Unusable;

export function isUsable<T extends KubeObject>(object: Stored<T>): object is T {
  return !("unusable" in object);
}

/** A kind whose objects are watched even when they break a rule, so that their status can say so. */
export function stored<T extends KubeObject>(kind: Kind<T>): Kind<Stored<T>> {
  return { ...kind, parse: (object) => parseStored(kind, object) };
}

function parseStored<T extends KubeObject>(kind: Kind<T>, object: unknown): Stored<T> {
  try {
    return kind.parse(object);
  } catch (error) {
    return { ...unusableSchema.parse(object), unusable: sentenceOf(error) };
  }
}

/** A key of a map is as long as its author wishes; the sentence must fit into a condition. */
const LONGEST_PATH = 512;

function sentenceOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return "This object cannot be read: correct it, or delete it.";
  const problems = error.issues.map(({ path, message }) => `${path.join(".").slice(0, LONGEST_PATH)}: ${message}`);
  return `This object cannot be used: ${enumerate(problems, "; ")}. Correct it, or delete it.`;
}
