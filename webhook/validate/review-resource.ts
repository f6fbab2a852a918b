import { admissionReasons } from "../../identity/admission-reasons.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { isRecord, jsonEqual } from "../../identity/json-equal.ts";
import { API_GROUP } from "../../identity/names.ts";
import { immutableChanges, inspectObject, type Problem } from "../../identity/validate.ts";
import { type AdmissionRequest, shortStep } from "../admission-review.ts";
import type { ClusterFacts } from "../cluster-facts.ts";
import type { Decision } from "../decision.ts";
import { webhookLimits } from "../limits.ts";
import { endedAssignment } from "./ended-assignment.ts";
import { missingReferences } from "./missing-references.ts";

type Allowed = Extract<Decision, { kind: "allowed" }>;

/** An object of one of Lanyard's kinds, created or updated: denied when it breaks a rule, warned about when it is odd. `now` in milliseconds since the epoch. */
export function reviewResource(request: AdmissionRequest, facts: ClusterFacts | undefined, now: number): Decision {
  const { kind, object, oldObject, operation, namespace } = request;
  if (!isOurs(request)) return allowed("skipped");
  if (operation === "UPDATE" && isSpecUnchanged(oldObject, object)) return allowed("unchanged");
  const { wrong, unknown } = inspectObject(kind.kind, object);
  const changed = operation === "UPDATE" ? immutableChanges(kind.kind, oldObject, object) : [];
  const problems = [...wrong, ...changed].slice(0, webhookLimits.problemsReported).map(problemText);
  if (problems.length > 0) {
    return { kind: "denied", reason: admissionReasons.ObjectInvalid(problems), httpStatus: 422 };
  }
  const spec = specOf(object);
  return {
    ...allowed("valid"),
    warnings: [
      ...unknown.map((field) => admissionReasons.UnknownField(problemText(field))),
      ...(facts === undefined ? [] : missingReferences({ kind: kind.kind, namespace, spec }, facts)),
      ...endedAssignment(kind.kind, spec, now),
    ],
  };
}

function isOurs({ kind, subResource, operation }: AdmissionRequest): boolean {
  const isKnown = kind.group === API_GROUP && customResources.some((resource) => resource.kind === kind.kind);
  return isKnown && subResource === "" && (operation === "CREATE" || operation === "UPDATE");
}

/** An object that was stored before a rule existed can still be labelled, and its finalizers be taken off. */
function isSpecUnchanged(before: unknown, after: unknown): boolean {
  return jsonEqual(specOf(before), specOf(after));
}

function specOf(object: unknown): unknown {
  return isRecord(object) ? object.spec : undefined;
}

/** `spec.subjects[0].serviceAccount: is required`, as kubectl writes a path. */
function problemText({ path, message }: Problem): string {
  const steps = path.map((step, at) =>
    typeof step === "number" ? `[${step}]` : at === 0 ? shortStep(step) : `.${shortStep(step)}`,
  );
  return `${steps.join("")}: ${message}`;
}

function allowed(outcome: Allowed["outcome"]): Allowed {
  return { kind: "allowed", outcome, patch: [], warnings: [] };
}
