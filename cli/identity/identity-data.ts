import type { Condition } from "../../identity/condition.ts";
import { principalId, resourceIdOf } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";

/** An identity for a program. */
export function identityData({ metadata, spec, status }: ManagedIdentity): object {
  const { namespace, name, uid } = metadata;
  return {
    ...{ namespace, name, type: spec.type, disabled: spec.disabled },
    principalId: principalId(uid),
    clientId: status?.clientId,
    tenantId: status?.tenantId,
    resourceId: resourceIdOf(metadata),
    subjects: spec.subjects?.map((subject) => ({
      namespace: subject.namespace ?? namespace,
      serviceAccount: subject.serviceAccount,
    })),
    workload: spec.workload,
    conditions: status?.conditions,
  };
}

/** Its ids, a line each, for a person. */
export function idFields({ metadata, status }: ManagedIdentity): [string, string][] {
  return [
    ["Principal id", metadata.uid],
    ["Client id", status?.clientId ?? "not written by the operator yet"],
    ["Resource id", resourceIdOf(metadata)],
  ];
}

export function readyOf({ status }: ManagedIdentity): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

/** Who may use it, in few words. */
export function usersText({ metadata, spec }: ManagedIdentity): string {
  if (spec.workload !== undefined) return `${spec.workload.kind} ${spec.workload.name}`;
  const subjects = (spec.subjects ?? []).map(
    ({ namespace, serviceAccount }) =>
      `${namespace === undefined || namespace === metadata.namespace ? "" : `${namespace}/`}${serviceAccount}`,
  );
  return subjects.length === 0 ? "nobody" : subjects.join(", ");
}
