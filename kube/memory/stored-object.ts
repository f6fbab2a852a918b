import { z } from "zod";
import { objectMetaSchema } from "../../identity/object-meta.ts";
import type { Kind, KubeObject } from "../kind.ts";
import { invalid } from "./refusal.ts";

/** An object with all its fields, deep-frozen; whoever asks for it gets what its kind reads of it. */
export type StoredObject = KubeObject & { readonly [field: string]: unknown };

const storedSchema = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: objectMetaSchema });

/** Takes a value that is to be stored, or refuses it as Invalid: also when its kind could not be read again. */
export function storable(kind: Kind, name: string, value: unknown): StoredObject {
  try {
    kind.parse(value);
    return storedSchema.parse(value);
  } catch (error) {
    throw invalid(kind, name, explain(error));
  }
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join(".")}: Invalid value: ${message}`).join(", ");
  }
  return error instanceof Error ? error.message : String(error);
}
