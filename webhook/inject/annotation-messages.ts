import { admissionReasons } from "../../identity/admission-reasons.ts";
import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import { canonicalAudience } from "../../identity/audience.ts";
import { API_GROUP, annotations } from "../../identity/names.ts";
import { readGate, readList } from "../../identity/pod-annotations.ts";
import type { Reason } from "../../identity/reasons.ts";
import type { InjectionFacts } from "./facts.ts";
import { identityWarning } from "./identity-warning.ts";
import { type AdmittedPod, allContainers, annotationsOf } from "./pod.ts";
import { askedSecretFiles } from "./secret-files.ts";

/** Annotations may hold 256 KiB of typos; comparing each with every known name would hold up other pods. */
const MOST_ANNOTATIONS = 30;
const MOST_NAMES = 3;

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
  const ours = Object.entries(annotationsOf(pod)).filter(([key]) => key.startsWith(`${API_GROUP}/`));
  const warnings = annotationWarnings(Object.fromEntries(ours.slice(0, MOST_ANNOTATIONS)));
  return warnings.map(({ key, message }) => admissionReasons.AnnotationInvalid(key, message));
}

function unknownContainers(pod: AdmittedPod): Reason<string>[] {
  const known = allContainers(pod).map(({ name }) => name);
  const skipped = readList(annotationsOf(pod)[annotations.skipContainers] ?? "");
  const unknown = skipped.filter((name) => !known.includes(name)).slice(0, MOST_NAMES);
  return unknown.map((name) => admissionReasons.ContainerUnknown(name, known));
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

function unregistered(
  audiences: readonly string[],
  facts: InjectionFacts,
  told: (audience: string, known: Iterable<string>) => Reason<string>,
): Reason<string>[] {
  const registered = [...facts.audiences()];
  const canonical = new Set(registered.map(canonicalAudience));
  const unknown = audiences.filter((audience) => !canonical.has(canonicalAudience(audience)));
  return unknown.slice(0, MOST_NAMES).map((audience) => told(audience, registered));
}
