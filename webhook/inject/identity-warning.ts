import { admissionReasons } from "../../identity/admission-reasons.ts";
import { tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { annotations } from "../../identity/names.ts";
import { readIdentity } from "../../identity/pod-annotations.ts";
import { type Reason, refusals } from "../../identity/reasons.ts";
import { usableIdentities } from "../../identity/usable-identities.ts";
import { isUsable, type Stored } from "../../kube/stored.ts";
import { candidates } from "../candidates.ts";
import type { InjectionFacts } from "./facts.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

interface IdentityKey {
  readonly namespace: string;
  readonly name: string;
}

/** Who asks, as a subject of an identity would name it. */
interface Asker {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly tenant: string;
}

/**
 * What must be written, and where, before the identity that the pod names can be used. The pod is admitted all the same:
 * the identity may come later, and until then the gate holds the pod.
 */
export function identityWarning(pod: AdmittedPod, facts: InjectionFacts): Reason<string> | undefined {
  const { namespace, identities, tenantId: tenant } = facts;
  const named = readIdentity(annotationsOf(pod)[annotations.identity] ?? "", namespace.name);
  if (named === undefined || tenant === undefined) return undefined;
  const asker = { namespace: namespace.name, serviceAccount: pod.spec.serviceAccountName || "default", tenant };
  const identity = present(identities.get(named));
  if (identity !== undefined && isUsable(identity) && mayUse(asker, identity)) return disabled(identity);
  const inNamespace = identities.inNamespace(named.namespace);
  return named.namespace === namespace.name ? own(asker, named, inNamespace) : foreign(asker, named, inNamespace);
}

/** Whether any identity of the pod's namespace is for it; one that it names is judged by `identityWarning`. */
export function hasIdentity(pod: AdmittedPod, { namespace, identities, tenantId: tenant }: InjectionFacts): boolean {
  const isNamed = annotationsOf(pod)[annotations.identity] !== undefined;
  if (isNamed || tenant === undefined) return true;
  const asker = { namespace: namespace.name, serviceAccount: pod.spec.serviceAccountName || "default", tenant };
  return identities.inNamespace(namespace.name).some((identity) => {
    const usable = present(identity);
    return usable !== undefined && isUsable(usable) && mayUse(asker, usable);
  });
}

function own(asker: Asker, named: IdentityKey, inNamespace: readonly Stored<ManagedIdentity>[]) {
  const identities = inNamespace.filter((identity) => present(identity) !== undefined);
  const identity = identities.find(({ metadata }) => metadata.name === named.name);
  if (identity === undefined) {
    return admissionReasons.IdentityNotFound(named.name, candidates(named.name, namesOf(identities)));
  }
  if (!isUsable(identity)) return undefined;
  return admissionReasons.IdentityNotPermitted(`serviceAccount: ${asker.serviceAccount}`, keyOf(named));
}

/** Names of identities that this pod may use are no secret to it; the others of that namespace are. */
function foreign(asker: Asker, named: IdentityKey, inNamespace: readonly Stored<ManagedIdentity>[]) {
  const near = new Set(candidates(named.name, namesOf(inNamespace)));
  const open = inNamespace.filter(
    (identity) => near.has(identity.metadata.name) && isUsable(identity) && mayUse(asker, identity),
  );
  const subject = `{serviceAccount: ${asker.serviceAccount}, namespace: ${asker.namespace}}`;
  const usable = namesOf(open).map((name) => keyOf({ namespace: named.namespace, name }));
  return admissionReasons.ForeignIdentityNotPermitted(subject, keyOf(named), usable);
}

const namesOf = (identities: readonly Stored<ManagedIdentity>[]): string[] =>
  identities.map(({ metadata }) => metadata.name);

/** Whether a system-assigned identity is the pod's own is known once the pod has its owners: so not here. */
function mayUse({ namespace, serviceAccount, tenant }: Asker, identity: ManagedIdentity): boolean {
  const { metadata, spec } = identity;
  if (spec.type === "SystemAssigned") return metadata.namespace === namespace;
  const pod = {
    ...{ namespace, serviceAccount },
    annotatedIdentity: keyOf(metadata),
    controllerChain: new Set<string>(),
  };
  return usableIdentities(pod, [identity], tenantId(tenant)).length > 0;
}

function disabled({ metadata, spec }: ManagedIdentity): Reason<string> | undefined {
  return spec.disabled ? refusals.IdentityDisabled(keyOf(metadata)) : undefined;
}

function present<T extends Stored<ManagedIdentity>>(identity: T | undefined): T | undefined {
  return identity?.metadata.deletionTimestamp === undefined ? identity : undefined;
}

function keyOf({ namespace, name }: IdentityKey): string {
  return `${namespace}/${name}`;
}
