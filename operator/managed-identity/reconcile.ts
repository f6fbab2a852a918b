import type { z } from "zod";
import { mergeConditions, type Observation } from "../../identity/condition.ts";
import { findings } from "../../identity/findings.ts";
import { clientIdOf, principalId, resourceIdOf, type TenantId } from "../../identity/ids.ts";
import type { ManagedIdentity, managedIdentityStatusSchema } from "../../identity/managed-identity.ts";
import { annotations } from "../../identity/names.ts";
import { pinnedSubjectNamespace } from "../../identity/pinned-namespace.ts";
import { enumerate } from "../../identity/reasons.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { fails, holds, invalid } from "../observation.ts";

export interface Observed {
  readonly identity: Stored<ManagedIdentity>;
  /** `NAMESPACE/NAME` of each ServiceAccount that spec.subjects names and that does not exist. */
  readonly missingSubjects: readonly string[];
  /** The other namespaces that spec.subjects names, each with the UID that it has now; undefined when it does not exist. */
  readonly namespaceUids: ReadonlyMap<string, string | undefined>;
  readonly tenant: TenantId;
}

type ManagedIdentityStatus = z.infer<typeof managedIdentityStatusSchema>;

export function reconcileManagedIdentity(observed: Observed, now: Date): ManagedIdentityStatus {
  const { metadata, status } = observed.identity;
  const principal = principalId(metadata.uid);
  return {
    principalId: principal,
    clientId: clientIdOf(principal, observed.tenant),
    tenantId: observed.tenant,
    resourceId: resourceIdOf({ namespace: metadata.namespace ?? "", name: metadata.name }),
    ...pins(observed),
    conditions: mergeConditions(status?.conditions ?? [], observations(observed), {
      now,
      generation: metadata.generation ?? 0,
    }),
  };
}

/** A pin never moves; it goes with the last subject of its namespace. */
function pins({ identity, namespaceUids }: Observed): Pick<ManagedIdentityStatus, "subjectNamespaces"> {
  const pinned = new Map(identity.status?.subjectNamespaces?.map(({ name, uid }) => [name, uid]));
  if (!isUsable(identity)) return pinned.size === 0 ? {} : { subjectNamespaces: identity.status?.subjectNamespaces };
  const subjectNamespaces = [...namespaceUids].flatMap(([name, current]) => {
    const uid = pinned.get(name) ?? current;
    return uid === undefined ? [] : [{ name, uid }];
  });
  return subjectNamespaces.length === 0 ? {} : { subjectNamespaces };
}

function replaced(identity: ManagedIdentity, namespaceUids: Observed["namespaceUids"]): Observation | undefined {
  const isReplaced = ([name, uid]: readonly [string, string | undefined]): boolean => {
    const pinned = pinnedSubjectNamespace(identity, name);
    return pinned !== undefined && uid !== undefined && uid !== pinned;
  };
  const names = [...namespaceUids].filter(isReplaced).map(([name]) => name);
  if (names.length === 0) return undefined;
  const remedy =
    "its ServiceAccounts may not use this identity. To consent to it, remove its subjects, apply, and add them again.";
  return fails("SubjectsFound", findings.NamespaceReplaced(enumerate(names), remedy));
}

function observations({ identity, missingSubjects, namespaceUids }: Observed): Observation[] {
  if (!isUsable(identity)) return [invalid(identity)];
  if (identity.spec.type === "SystemAssigned") return [ready(identity)];
  return [replaced(identity, namespaceUids) ?? subjectsFound(missingSubjects), ready(identity)];
}

/** Subjects may come later, and one that is missing takes nothing from the others: it does not make the identity unready. */
function subjectsFound(missing: readonly string[]): Observation {
  return missing.length === 0
    ? holds("SubjectsFound", findings.SubjectsFound())
    : fails("SubjectsFound", findings.SubjectsNotFound(missing));
}

function ready(identity: ManagedIdentity): Observation {
  const { spec, metadata } = identity;
  const at = metadata.annotations?.[annotations.deleteAfter];
  if (spec.disabled && spec.workload !== undefined && at !== undefined) {
    const workload = `${spec.workload.kind} ${metadata.namespace}/${spec.workload.name}`;
    return fails("Ready", findings.DeletionPending(workload, at));
  }
  if (spec.disabled) return fails("Ready", findings.Disabled());
  if (spec.workload !== undefined) {
    return holds("Ready", findings.Ready(`Pods of ${spec.workload.kind} ${spec.workload.name} may use this identity.`));
  }
  if ((spec.subjects ?? []).length === 0) return fails("Ready", findings.NoSubjects());
  return holds("Ready", findings.Ready("Pods of its subjects may use this identity."));
}
