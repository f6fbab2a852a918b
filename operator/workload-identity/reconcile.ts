import { type Finding, findings } from "../../identity/findings.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { API_VERSION, annotations } from "../../identity/names.ts";
import type { Manifest } from "../../kube/api.ts";
import { keyText } from "../../kube/kind.ts";
import { nameOf, objectText } from "../object-name.ts";
import { type Hold, heldUntil, isHeld } from "./grace.ts";
import { identityName } from "./identity-name.ts";
import { optIn } from "./opt-in.ts";
import type { Workload } from "./workload.ts";

export interface Observed {
  readonly workload: Workload | undefined;
  /** `Deployment shop/web`, whether or not it exists. */
  readonly workloadText: string;
  /** The system-assigned identities of workloads of this kind and name, of this one or of an earlier one. */
  readonly identities: readonly ManagedIdentity[];
  /** Whether some other ManagedIdentity has the name that this workload's would have. */
  readonly nameIsTaken: boolean;
}

export interface Desired {
  readonly create?: Manifest;
  /** Is disabled, and deleted later. */
  readonly hold?: Hold;
  /** Is enabled again. */
  readonly release?: ManagedIdentity;
  /** When to look again, in milliseconds since the epoch. */
  readonly lookAt?: number;
  readonly remove: readonly Removal[];
  /** What a person must put right on the workload. */
  readonly warning?: Finding;
}

export interface Removal {
  readonly identity: ManagedIdentity;
  readonly because: Finding;
}

export interface Grace {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly graceMs: number;
}

export function reconcileWorkloadIdentity(observed: Observed, grace: Grace): Desired {
  const { workload, workloadText } = observed;
  const living = observed.identities.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const all = (because: Finding): Desired => ({ remove: living.map((identity) => ({ identity, because })) });
  if (workload === undefined || workload.metadata.deletionTimestamp !== undefined) {
    return all(findings.WorkloadGone(workloadText));
  }
  const wish = optIn(workload);
  const name = identityName(workload);
  if (wish.kind === "unwanted") return unwanted(observed, living, { ...grace, workload, name });

  const remove = living.flatMap((identity) => removalOf(identity, workload, name));
  if (wish.kind === "unreadable") {
    return { remove, warning: findings.AnnotationInvalid(annotations.systemAssigned, wish.value) };
  }
  const [own] = living.filter((identity) => !remove.some((removal) => removal.identity === identity));
  if (own === undefined) return { remove, ...newIdentity(observed, workload, name) };
  return isHeld(own) ? { remove, release: own } : { remove };
}

/** What is not this workload's own identity goes at once; its own waits for the annotation to return. */
function unwanted(
  { workloadText }: Observed,
  living: readonly ManagedIdentity[],
  { now, graceMs, workload, name }: Grace & { readonly workload: Workload; readonly name: string },
): Desired {
  const remove = living.flatMap((identity) => removalOf(identity, workload, name));
  const [own] = living.filter((identity) => !remove.some((removal) => removal.identity === identity));
  if (own === undefined) return { remove };
  // A later time than the grace period allows was written by somebody else.
  const until = Math.min(heldUntil(own) ?? Number.POSITIVE_INFINITY, now + graceMs);
  if (until <= now) {
    return { remove: [...remove, { identity: own, because: findings.AnnotationRemoved(workloadText) }] };
  }
  const isKept = heldUntil(own) === until && own.spec.disabled;
  return { remove, lookAt: until, ...(isKept ? {} : { hold: { identity: own, until } }) };
}

/** The name is compared too: one workload has one identity, and only the operator makes it. */
function removalOf(identity: ManagedIdentity, workload: Workload, name: string): Removal[] {
  const text = objectText(nameOf(workload));
  if (identity.spec.workload?.uid !== workload.metadata.uid) {
    return [{ identity, because: findings.WorkloadGone(`An earlier ${text}`) }];
  }
  if (identity.metadata.name === name) return [];
  return [{ identity, because: findings.NotItsIdentity(keyText(identity.metadata), text) }];
}

function newIdentity(
  { nameIsTaken, workloadText }: Observed,
  workload: Workload,
  name: string,
): Pick<Desired, "create" | "warning"> {
  const { namespace } = workload.metadata;
  if (nameIsTaken) return { warning: findings.NameTaken(keyText({ namespace, name }), workloadText) };
  return { create: manifestFor(workload, name) };
}

/** The owner reference lets garbage collection delete the identity with its workload, also while no operator runs. */
function manifestFor({ apiVersion, kind, metadata }: Workload, name: string): Manifest {
  const workload = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
  return {
    apiVersion: API_VERSION,
    kind: "ManagedIdentity",
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: { "app.kubernetes.io/managed-by": "lanyard" },
      ownerReferences: [workload],
    },
    spec: { type: "SystemAssigned", workload },
  };
}
