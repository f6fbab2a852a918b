import { admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations, injection } from "../../identity/names.ts";
import { type Gate, readGate } from "../../identity/pod-annotations.ts";
import type { ParsedSecretFiles } from "../../identity/secret-files.ts";
import type { Decision } from "../decision.ts";
import { sidecarResources } from "../resources/sidecar-resources.ts";
import { annotationMessages } from "./annotation-messages.ts";
import { conflictIn } from "./conflict.ts";
import { dialectsOf } from "./dialects.ts";
import { type Exclusion, exclusionOf, labelWarnings, osWarnings } from "./exclusion.ts";
import { type ExistingSidecar, findSidecar } from "./existing-sidecar.ts";
import type { InjectionFacts } from "./facts.ts";
import { gateForm } from "./gate.ts";
import { planMesh } from "./mesh.ts";
import { otherIdentityWarnings } from "./other-identity.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";
import { additionsPatch, annotate, injectedAnnotations } from "./pod-patch.ts";
import { oversized } from "./pod-size.ts";
import { choosePorts } from "./ports.ts";
import { redirectOf } from "./redirect.ts";
import { resolverWarnings } from "./resolver-warnings.ts";
import { askedSecretFiles, planSecretFiles, readersGroup, secretsMounts, secretsVolume } from "./secret-files.ts";
import { sidecarContainer, sidecarVolume } from "./sidecar.ts";
import { chooseSidecarMode, drainSecondsOf } from "./sidecar-mode.ts";
import { sidecarUser } from "./sidecar-user.ts";
import { tokenUsers, variablesFor } from "./token-users.ts";

/**
 * What becomes of a pod that is being created. The patch only adds; applied to the pod that it made, there is nothing
 * left to add, so that another webhook may run in between and this one again.
 */
export function injectPod(pod: AdmittedPod, facts: InjectionFacts): Decision {
  const exclusion = exclusionOf(pod, facts);
  if (exclusion !== undefined) return skip(pod, exclusion);
  const excess = oversized(pod);
  if (excess !== undefined) return { kind: "denied", reason: admissionReasons.PodTooLarge(excess), httpStatus: 422 };
  const { name, terminating } = facts.namespace;
  if (terminating) return { kind: "denied", reason: admissionReasons.NamespaceTerminating(name), httpStatus: 403 };
  const sidecar = findSidecar(pod);
  const conflict = conflictIn(pod, sidecar);
  if (conflict !== undefined) return { kind: "denied", reason: conflict, httpStatus: 422 };
  if (sidecar !== undefined) return complete(pod, sidecar);
  const asked = askedSecretFiles(pod, name);
  if (asked?.kind === "problem") {
    return { kind: "denied", reason: admissionReasons.SecretFilesInvalid(asked.message), httpStatus: 422 };
  }
  return inject(pod, facts, asked);
}

function skip(pod: AdmittedPod, { kind, reason }: Exclusion): Decision {
  const patch = kind === "told" ? annotate(pod, [reason]) : [];
  return { kind: "allowed", outcome: "skipped", patch, warnings: [reason] };
}

/** Containers that came after the first call get their variables and secrets; everything else was decided then. */
function complete(pod: AdmittedPod, sidecar: ExistingSidecar): Decision {
  const users = tokenUsers(pod, sidecar);
  const variables = variablesFor(users, sidecar.endpoint);
  const mounts = sidecar.endpoint.secretsDirectory === undefined ? [] : secretsMounts(users);
  const [patch, warnings] = [[...variables.patch, ...mounts], variables.warnings];
  return { kind: "allowed", outcome: patch.length === 0 ? "unchanged" : "injected", patch, warnings };
}

function inject(pod: AdmittedPod, facts: InjectionFacts, asked: ParsedSecretFiles | undefined): Decision {
  const { settings, drawn, tenantId } = facts;
  const hostNetwork = pod.spec.hostNetwork ?? false;
  const { mode, warnings: ofMode } = chooseSidecarMode(pod, facts.nodes);
  const ports = choosePorts(pod, drawn.number);
  const directory = asked === undefined ? {} : { secretsDirectory: injection.secretsPath };
  const endpoint = { port: ports.token, header: drawn.header, dialects: dialectsOf(pod), ...directory };
  const { resources, warnings: ofResources } = sidecarResources(pod, facts.namespace.resources, settings);
  const redirect = redirectOf(pod, { tokenPort: ports.token, resources }, settings);
  const list = mode === "native" ? "initContainers" : "containers";
  const users = tokenUsers(pod, { list });
  const variables = variablesFor(users, endpoint);
  const secretFiles = planSecretFiles(pod, asked, users);
  const user = sidecarUser(secretFiles, settings, facts.namespace);
  const mesh = planMesh(pod, settings.issuerUrl, facts.namespace.mesh);
  const plan = {
    ...{ mode, ports, ...endpoint, gate: gateOf(pod), hostNetwork, tenantId, secretFiles, user, resources },
    issuer: { url: mesh.issuerUrl, address: settings.issuerAddress?.() },
    gateForm: gateForm(pod, facts, mode),
    drainSeconds: drainSecondsOf(pod, mode),
  };
  const volumes = [sidecarVolume(), ...(secretFiles === undefined ? [] : [secretsVolume()])];
  const warnings = [
    ...annotationMessages(pod, facts),
    ...labelWarnings(pod),
    ...[...ports.warnings, ...ofMode, ...redirect.warnings, ...variables.warnings],
    ...[...ofResources, ...osWarnings(pod, facts), ...otherIdentityWarnings(pod)],
    ...[...(hostNetwork ? [admissionReasons.DialectsReduced()] : []), ...resolverWarnings(pod)],
  ];
  const patch = [
    ...variables.patch,
    ...(secretFiles === undefined ? [] : secretsMounts(users)),
    ...readersGroup(pod, secretFiles),
    ...additionsPatch(pod, { mode, sidecar: sidecarContainer(plan, settings), volumes, first: redirect.containers }),
    ...annotate(pod, warnings, { ...mesh.annotations, ...injectedAnnotations(pod, mode, settings.version) }),
  ];
  return { kind: "allowed", outcome: "injected", patch, warnings };
}

function gateOf(pod: AdmittedPod): Gate {
  return readGate(annotationsOf(pod)[annotations.gate] ?? "true") ?? { kind: "identity" };
}
