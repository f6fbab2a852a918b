import { z } from "zod";
import { StatusError } from "../status-error.ts";
import { statusObjectError } from "./status-body.ts";

/** One line of a watch. https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export type WatchLine =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: unknown }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string; readonly endsInitialEvents: boolean };

const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["ADDED", "MODIFIED", "DELETED"]), object: z.unknown() }),
  z.object({ type: z.literal("ERROR"), object: z.unknown() }),
  z.object({
    type: z.literal("BOOKMARK"),
    object: z.object({
      metadata: z.object({
        resourceVersion: z.string().min(1),
        annotations: z.record(z.string(), z.string()).optional(),
      }),
    }),
  }),
]);

/** Throws the StatusError that an error event brings, or one that says that the line is none of a watch. */
export function parseWatchLine(line: string): WatchLine {
  const { data } = lineSchema.safeParse(parseJson(line));
  if (data === undefined) throw new StatusError("InternalError", "The server sent a line that is no event of a watch.");
  switch (data.type) {
    case "ERROR":
      throw statusObjectError(data.object);
    case "BOOKMARK": {
      const { resourceVersion, annotations } = data.object.metadata;
      return { type: "BOOKMARK", resourceVersion, endsInitialEvents: annotations?.[INITIAL_EVENTS_END] === "true" };
    }
    default:
      return data;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
