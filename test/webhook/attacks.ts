import { webhookLimits } from "../../webhook/limits.ts";
import { review } from "./reviews.ts";

/** One request that would cost a webhook without bounds seconds or hundreds of megabytes. */
export interface Attack {
  readonly name: string;
  readonly path: "/inject" | "/validate";
  readonly body: string;
  /** How it is refused: a status of HTTP, or the code of a denial. Undefined: it is allowed. */
  readonly refused: 400 | 413 | string | undefined;
}

const MiB = 1024 * 1024;
const numbered = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const fields = (count: number): object => Object.fromEntries(numbered(count, (at) => [`field${at}`, 1]));
const filled = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));

const podKind = { group: "", version: "v1", kind: "Pod" };
const identityKind = { group: "lanyard.dev", version: "v1alpha1", kind: "ManagedIdentity" };

interface PodParts {
  readonly annotations?: object;
  readonly labels?: object;
  readonly spec?: object;
}

function pod({ annotations = {}, labels = {}, spec = {} }: PodParts): string {
  const metadata = { name: "p", labels: { "lanyard.dev/inject": "true", ...labels }, annotations };
  const object = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "app" }], ...spec } };
  return JSON.stringify(review({ kind: podKind, object }));
}

function identity(spec: unknown, metadata: object = { name: "orders" }): string {
  const object = { apiVersion: "lanyard.dev/v1alpha1", kind: "ManagedIdentity", metadata, spec };
  return JSON.stringify(review({ kind: identityKind, object }));
}

/** A review whose object is this text. */
const withObject = (text: string): string => JSON.stringify(review({ object: "OBJECT" })).replace('"OBJECT"', text);

const skipped = (count: number, parts: PodParts = {}): string =>
  pod({
    ...parts,
    annotations: { "lanyard.dev/skip-containers": numbered(count, (at) => `c${at}x`).join(",") },
    spec: { containers: numbered(count, (at) => ({ name: `c${at}` })), ...parts.spec },
  });

const proxied = (list: string) => [
  { name: "HTTP_PROXY", value: "http://proxy:3128" },
  { name: "NO_PROXY", value: list },
];

const { membersPerCollection, containersPerPod } = webhookLimits;

const inject = (name: string, body: string, refused?: Attack["refused"]): Attack => ({
  ...{ name, path: "/inject", body, refused },
});
const validate = (name: string, body: string, refused?: Attack["refused"]): Attack => ({
  ...{ name, path: "/validate", body, refused },
});

export const attacks: readonly Attack[] = [
  validate("more labels than are checked", identity({}, { name: "a", labels: fields(membersPerCollection + 1) }), 413),
  validate("400,000 unknown fields", identity(fields(400_000)), 413),
  validate("as many unknown fields as are read", identity(fields(membersPerCollection))),
  validate(
    "unknown fields with long names",
    identity(Object.fromEntries([0, 1].map((at) => [filled(`n${at}`, MiB / 2), 1]))),
  ),
  validate(
    "subjects that are numbers",
    identity({ subjects: numbered(membersPerCollection, () => 1) }),
    "ObjectInvalid",
  ),
  validate(
    "subjects without a name, each with unknown fields",
    identity({
      subjects: numbered(membersPerCollection, () => ({ serviceAcount: "a", nmespace: "b" })),
    }),
    "ObjectInvalid",
  ),
  validate(
    "labels that are numbers",
    identity({}, { name: "a", labels: fields(membersPerCollection) }),
    "ObjectInvalid",
  ),
  validate("claims without number", identity({ token: { claims: fields(membersPerCollection) } }), "ObjectInvalid"),
  inject("90,000 containers, and as many names to skip", skipped(90_000), 413),
  inject("2,000 containers, and as many names to skip", skipped(2_000), "PodTooLarge"),
  inject(
    "as many containers as are taken, each with variables",
    skipped(containersPerPod, {
      spec: {
        containers: numbered(containersPerPod, (at) => ({
          name: `c${at}`,
          env: numbered(12, (n) => ({ name: `V${n}`, value: "x" })),
        })),
      },
    }),
  ),
  inject(
    "one container with as many variables as are read",
    pod({
      spec: {
        containers: [{ name: "app", env: numbered(membersPerCollection, (at) => ({ name: `V${at}`, value: "x" })) }],
      },
    }),
  ),
  inject("1,000,000 empty lists", withObject(`[${filled("[],", 3 * MiB - 2048)}[]]`), 413),
  inject("lists in lists", withObject(`${filled("[", MiB)}${filled("]", MiB)}`), 413),
  inject("one key for each value", withObject(JSON.stringify(fields(membersPerCollection))), "ObjectUnreadable"),
  inject(
    "a list of names that is all commas",
    pod({ annotations: { "lanyard.dev/skip-containers": filled(",", 2 * MiB) } }),
    "PodTooLarge",
  ),
  inject(
    "an annotation that is no end of audiences",
    pod({ annotations: { "lanyard.dev/gate": filled("a,", 2 * MiB) } }),
    "PodTooLarge",
  ),
  inject(
    "proxy exceptions that are all commas",
    pod({ spec: { containers: [{ name: "app", env: proxied(filled(",", 2 * MiB)) }] } }),
  ),
  inject(
    "a container whose name is as long as the review",
    pod({ spec: { containers: [{ name: filled("n", 2 * MiB) }] } }),
    "ObjectUnreadable",
  ),
  inject(
    "annotations of ours without number",
    pod({ annotations: Object.fromEntries(numbered(membersPerCollection - 1, (at) => [`lanyard.dev/x${at}`, "1"])) }),
  ),
  inject(
    "containers that are numbers",
    pod({ spec: { containers: numbered(membersPerCollection, () => 1) } }),
    "ObjectUnreadable",
  ),
  inject("no JSON, as long as is read", filled('{"', 3 * MiB), 413),
  inject("a string that does not end", `"${filled("\\u0041", 3 * MiB - 2048)}`, 400),
];
