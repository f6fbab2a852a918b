import { assignment, clusterAssignment, lanyard, role } from "./objects.ts";

const doubling = (levels: number): string => (levels === 0 ? 'x == "b"' : `[x + x].exists(x, ${doubling(levels - 1)})`);

/** What the API server takes from nobody, with or without the webhook, and what it says. */
export const refusedByTheServer: readonly (readonly [what: string, object: object, says: string])[] = [
  ["a wildcard within a segment", role("bad", ["secrets/re*"]), "spec.actions[0]"],
  ["** that is not at the end", role("bad", ["**/read"]), "spec.actions[0]"],
  ["an action in look-alike letters", role("bad", ["secrets/re\u0430d"]), "spec.actions[0]"],
  [
    "10,000 actions in one role",
    role(
      "bad",
      Array.from({ length: 10_000 }, (_, at) => `secrets/a${at}`),
    ),
    "must have at most 1000 items",
  ],
  ["a scope that climbs", clusterAssignment("bad", { scope: "/namespaces/shop/../kube-system" }), "spec.scope"],
  ["a scope with a slash too many", clusterAssignment("bad", { scope: "/namespaces//shop" }), "spec.scope"],
  ["a scope in look-alike letters", clusterAssignment("bad", { scope: "/namespaces/sh\u043ep" }), "spec.scope"],
  ["a resource that climbs", assignment("bad", { resource: "../vault" }), "spec.resource"],
  ["a part that climbs", assignment("bad", { resource: "vault", subresource: "secrets/.." }), "spec.subresource"],
  [
    "a principal in look-alike letters",
    assignment("bad", { principal: { managedIdentity: "\u043erders" } }),
    "spec.principal.managedIdentity",
  ],
  [
    "a beginning after the end",
    assignment("bad", { notBefore: "2030-01-01T00:00:00Z", expiresAt: "2029-01-01T00:00:00Z" }),
    "notBefore must be earlier than expiresAt",
  ],
  ["a time that does not exist", assignment("bad", { expiresAt: "2027-02-30T00:00:00Z" }), "spec.expiresAt"],
  ["a condition of 2049 characters", assignment("bad", { condition: "true".padEnd(2049) }), "spec.condition"],
  [
    "an audience with a slash in front",
    lanyard("ProtectedResource", "bad", { audiences: ["/a"] }),
    "spec.audiences[0]",
  ],
];

const numbers = Array.from({ length: 64 }, (_, number) => number).join(",");
const manySearches = `[${numbers}].exists(x, request.audience.contains(request.audience))`;

/** What the server cannot know to be wrong: the webhook refuses it, and what gets past it is held Invalid with the same words. */
export const badConditions: readonly (readonly [what: string, condition: string, says: string])[] = [
  ["that is no expression", "pod.namespace ==", "spec.condition: line 1, column 17: unexpected token: the end"],
  [
    "with an unknown name",
    'true &&\n  pod.team == "a"',
    'spec.condition: line 2, column 3: "pod.team" is not known here',
  ],
  ["of the wrong type", "pod.name", "spec.condition: line 1, column 1: expected true or false to come out of it"],
  ["that never ends", `["a"].exists(x, ${doubling(18)})`, "exceeded maxDepth"],
  [
    "with a regular expression that backtracks",
    'pod.name.matches("^(a+)+$")',
    "spec.condition: line 1, column 1: matches() is not part of conditions",
  ],
  ["that takes too many steps", manySearches, "steps, and 50000 are allowed"],
];
