import { isDeepStrictEqual } from "node:util";
import { type Finding, findings } from "../../identity/findings.ts";
import { API_VERSION, managedByLanyard } from "../../identity/names.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Service } from "../../kube/cluster-kinds.ts";
import { keyText } from "../../kube/kind.ts";
import { hasManagedLabel } from "../managed-label.ts";
import type { VaultHost } from "./vault-host.ts";
import { MOST_VAULTS, MOST_VAULTS_OF_NAMESPACE } from "./vault-limits.ts";

export interface ServiceFacts {
  readonly vault: VaultHost;
  /** Whether it is among those that have a certificate. */
  readonly isCertified: boolean;
  /** UID of the vault. */
  readonly uid: string;
  /** The Service with the vault's name. */
  readonly service: Service | undefined;
  /** The domain name of the Service behind which vaults are served; undefined where none are. */
  readonly target: string | undefined;
}

export type ServiceStep =
  | { readonly kind: "keep" }
  | { readonly kind: "create"; readonly manifest: ServiceManifest }
  /** Names the version that it was decided from: another one is not touched. */
  | { readonly kind: "write"; readonly manifest: Manifest }
  | { readonly kind: "delete"; readonly service: Service };

/** What to do with a vault's Service, and what its condition says. */
export interface ServiceDecision {
  readonly step: ServiceStep;
  readonly holds: boolean;
  readonly finding: Finding | undefined;
}

const KEEP: ServiceStep = { kind: "keep" };
const LIMITS = { ofNamespace: MOST_VAULTS_OF_NAMESPACE, ofCluster: MOST_VAULTS };

/** A name in DNS that leads to those who serve all vaults, never in the place of a Service that somebody else made. */
export function decideService({ vault, isCertified, uid, service, target }: ServiceFacts): ServiceDecision {
  const isOurs = service !== undefined && hasManagedLabel(service) && service.spec?.type === "ExternalName";
  const gone: ServiceStep = isOurs && target !== undefined ? { kind: "delete", service } : KEEP;
  if (vault.kind === "none") return { step: gone, holds: false, finding: undefined };
  if (target === undefined) return fails(KEEP, findings.VaultNotInstalled());
  if (vault.kind === "unusable") return fails(gone, findings.VaultNameUnusable(vault.name, vault.why));
  if (!isCertified) return fails(gone, findings.VaultLimitReached(LIMITS));
  if (service !== undefined && !isOurs) return fails(KEEP, findings.ServiceNameTaken(keyText(service.metadata)));
  const manifest = serviceManifest(vault, uid, target);
  return { step: stepTo(manifest, service), holds: true, finding: findings.VaultServed(vault.host) };
}

function stepTo(manifest: ServiceManifest, service: Service | undefined): ServiceStep {
  if (service === undefined) return { kind: "create", manifest };
  if (isAsWanted(service, manifest)) return KEEP;
  const { resourceVersion } = service.metadata;
  return { kind: "write", manifest: { ...manifest, metadata: { ...manifest.metadata, resourceVersion } } };
}

const fails = (step: ServiceStep, finding: Finding): ServiceDecision => ({ step, holds: false, finding });

type Host = Extract<VaultHost, { kind: "host" }>;

/** https://kubernetes.io/docs/concepts/services-networking/service/#externalname */
function serviceManifest({ name, namespace }: Host, uid: string, externalName: string) {
  const owner = { apiVersion: API_VERSION, kind: "ProtectedResource", name, uid };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, labels: managedByLanyard, ownerReferences: [owner] },
    spec: { type: "ExternalName", externalName },
  } as const;
}
type ServiceManifest = ReturnType<typeof serviceManifest>;

function isAsWanted(service: Service | undefined, { metadata, spec }: ServiceManifest): boolean {
  const [{ uid }] = metadata.ownerReferences;
  return (
    isDeepStrictEqual(service?.spec, spec) &&
    service?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true
  );
}
