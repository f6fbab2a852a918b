import { z } from "zod";
import { isRecord } from "../../identity/json-equal.ts";
import type { Kind, KubeObject, ObjectKey } from "../kind.ts";

/** An object of the API that is none of its kind's: it is left out, and told of. */
export interface Unreadable {
  readonly kind: Kind;
  /** Undefined when not even the name can be read. */
  readonly key: ObjectKey | undefined;
  readonly error: unknown;
}

export interface NotReceived {
  readonly readable: false;
  readonly unreadable: Unreadable;
  readonly resourceVersion: string | undefined;
}

export type Received<T extends KubeObject> = { readonly readable: true; readonly object: T } | NotReceived;

const headerSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
  }),
});

/** Reduces an object to what its kind keeps, as soon as it has arrived. Items of a list do not say what they are. */
export function receive<T extends KubeObject>(kind: Kind<T>, raw: unknown): Received<T> {
  try {
    return { readable: true, object: kind.parse(named(kind, raw)) };
  } catch (error) {
    const header = headerSchema.safeParse(raw).data?.metadata;
    const key = header && { namespace: header.namespace, name: header.name };
    return { readable: false, unreadable: { kind, key, error }, resourceVersion: header?.resourceVersion };
  }
}

/** Who owns which field is of no use here, and more than half of many an object. */
function named({ apiVersion, kind }: Kind, raw: unknown): unknown {
  if (!isRecord(raw)) return raw;
  if (!isRecord(raw.metadata)) return { apiVersion, kind, ...raw };
  const { managedFields: _, ...metadata } = raw.metadata;
  return { apiVersion, kind, ...raw, metadata };
}
