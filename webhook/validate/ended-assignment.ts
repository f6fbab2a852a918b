import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { clusterRoleAssignmentSpecSchema, roleAssignmentSpecSchema } from "../../identity/role-assignment.ts";

const schemas = { RoleAssignment: roleAssignmentSpecSchema, ClusterRoleAssignment: clusterRoleAssignmentSpecSchema };

/**
 * Tells of an end that is over: a typo in a year, as a rule. No denial, because files that are applied again and again
 * outlive what they say; the object is held Expired. `now` in milliseconds since the epoch.
 */
export function endedAssignment(kind: string, spec: unknown, now: number): AdmissionReason[] {
  const schema = kind === "RoleAssignment" || kind === "ClusterRoleAssignment" ? schemas[kind] : undefined;
  const expiresAt = schema?.safeParse(spec).data?.expiresAt;
  return expiresAt !== undefined && Date.parse(expiresAt) <= now ? [admissionReasons.Expired(expiresAt)] : [];
}
