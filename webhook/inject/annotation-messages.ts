import { admissionReasons } from "../../identity/admission-reasons.ts";
import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import { annotations } from "../../identity/names.ts";
import { readGate, readList } from "../../identity/pod-annotations.ts";
import type { Reason } from "../../identity/reasons.ts";
import { candidates } from "../candidates.ts";
import { webhookLimits } from "../limits.ts";
import type { InjectionFacts } from "./facts.ts";
import { hasIdentity, identityWarning } from "./identity-warning.ts";
import { type AdmittedPod, allContainers, annotationsOf } from "./pod.ts";
import { ownAnnotations } from "./pod-size.ts";
import { askedSecretFiles } from "./secret-files.ts";

/** Whether the pod cannot have yet what its gate waits for, by what is known now. */
export function isWaitExpected(pod: AdmittedPod, facts: InjectionFacts): boolean {
  if (unknownAudiences(pod, facts).length > 0 || unknownVaults(pod, facts).length > 0) return true;
  return identityWarning(pod, facts) !== undefined || !hasIdentity(pod, facts);
}

/** What the author of the pod's annotations should mend. */
export function annotationMessages(pod: AdmittedPod, facts: InjectionFacts): Reason<string>[] {
  const identity = identityWarning(pod, facts);
  return [
    ...(identity === undefined ? [] : [identity]),
    ...unknownAudiences(pod, facts),
    ...unknownVaults(pod, facts),
    ...unknownContainers(pod),
    ...invalidAnnotations(pod),
  ];
}

function invalidAnnotations(pod: AdmittedPod): Reason<string>[] {
  const warnings = annotationWarnings(ownAnnotations(pod));
  return warnings.map(({ key, message }) => admissionReasons.AnnotationInvalid(key, message));
}

function unknownContainers(pod: AdmittedPod): Reason<string>[] {
  const known = new Set(allContainers(pod).map(({ name }) => name));
  const skipped = readList(annotationsOf(pod)[annotations.skipContainers] ?? "");
  const unknown = skipped.filter((name) => !known.has(name)).slice(0, webhookLimits.namesTold);
  return unknown.map((name) => admissionReasons.ContainerUnknown(name, candidates(name, known)));
}

function unknownAudiences(pod: AdmittedPod, facts: InjectionFacts): Reason<string>[] {
  const gate = readGate(annotationsOf(pod)[annotations.gate] ?? "true");
  return gate?.kind === "audiences" ? unregistered(gate.audiences, facts, admissionReasons.AudienceUnknown) : [];
}

function unknownVaults(pod: AdmittedPod, facts: InjectionFacts): Reason<string>[] {
  const asked = askedSecretFiles(pod, facts.namespace.name);
  if (asked?.kind !== "files") return [];
  const vaults = new Set(asked.files.map(({ vault, namespace }) => `https://${vault}.${namespace}.svc`));
  return unregistered([...vaults], facts, admissionReasons.VaultUnknown);
}

/** Suggested are audiences of the pod's own namespace alone: those of others are not for everybody to find out. */
function unregistered(
  audiences: readonly string[],
  { audiences: known, namespace }: InjectionFacts,
  told: (audience: string, known: Iterable<string>) => Reason<string>,
): Reason<string>[] {
  const unknown = audiences.filter((audience) => !known.isRegistered(audience)).slice(0, webhookLimits.namesTold);
  return unknown.map((audience) => told(audience, candidates(audience, known.ofNamespace(namespace.name))));
}
