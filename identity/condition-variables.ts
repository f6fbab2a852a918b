import { Environment } from "@marcbachmann/cel-js";
import type { RequestFacts } from "./request-facts.ts";
import { zonedAccessors } from "./zoned-time.ts";

/** What a condition can read. The names are part of the API: conditions in clusters are written with them. */
export const readableFacts: readonly string[] = [
  "request.audience",
  "pod.namespace",
  "pod.name",
  "pod.serviceAccount",
  'pod.labels["…"]',
  "time",
];

/** Names that a loop variable cannot take. */
export const variableNames: ReadonlySet<string> = new Set(["request", "pod", "time"]);

/**
 * The longest that each text can be, in characters: of an audience as it can be registered, and a slash; of names
 * and labels as the API server allows. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const LONGEST_AUDIENCE = 513;
export const LONGEST_NAMESPACE = 63;
export const LONGEST_NAME = 253;
export const LONGEST_LABEL = 63;

/** More than any condition needs, and so little that parsing and checking one is done in a moment. */
const limits = { maxAstNodes: 400, maxDepth: 24, maxListElements: 64, maxMapEntries: 64, maxCallArguments: 3 };

export const environment: Environment = new Environment({ limits })
  .registerVariable("request", { schema: { audience: "string" } })
  .registerVariable("pod", {
    schema: { namespace: "string", name: "string", serviceAccount: "string", labels: "map<string, string>" },
  })
  .registerVariable("time", "google.protobuf.Timestamp");

/** What the library's own accessors with a time zone are replaced by: those build a formatter for each call. */
export const zonedName = (accessor: string): string => `${accessor}InZone`;
for (const [accessor, read] of Object.entries(zonedAccessors)) {
  environment.registerFunction(
    `google.protobuf.Timestamp.${zonedName(accessor)}(string): int`,
    (time: Date, zone: string) => BigInt(read(time, zone)),
  );
}

/** A fact that is not known is no variable either, so that whatever needs it fails, rather than reading it as empty. */
export function variablesOf({ now, audience, pod }: RequestFacts): Record<string, unknown> {
  return {
    time: new Date(now),
    ...(audience === undefined ? {} : { request: { audience } }),
    ...(pod === undefined ? {} : { pod }),
  };
}
