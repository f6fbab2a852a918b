import { canonicalAudience } from "../../identity/audience.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { Stored } from "../../kube/stored.ts";
import type { InjectionFacts } from "../../webhook/inject/facts.ts";
import type { Node } from "../../webhook/nodes/node-kind.ts";
import type { WebhookSettings } from "../../webhook/settings.ts";

export const settings: WebhookSettings = {
  sidecarImage: "lanyard.dev/sidecar:0.1.0",
  imagePullPolicy: "IfNotPresent",
  issuerUrl: "https://lanyard-issuer.lanyard-system.svc",
  version: "0.1.0",
  namespace: "lanyard-system",
  runAsUser: "auto",
  resources: { requests: { cpu: "5m", memory: "16Mi" }, limits: { memory: "64Mi" } },
};

const noMesh = { istio: false, linkerd: false, linkerdSkippedPorts: undefined };

export const HEADER = "0123456789abcdef0123456789abcdef";
export const TENANT = "91aa4d2e-0000-4000-8000-000000000001";

const noBounds = { annotations: {}, limitRanges: [], quotas: [] };

/** A part of the facts that a test changes. */
export interface GivenFacts {
  readonly settings?: Partial<WebhookSettings>;
  readonly namespace?: Partial<InjectionFacts["namespace"]>;
  readonly identities?: readonly Stored<ManagedIdentity>[];
  readonly audiences?: readonly string[];
  readonly serverHasNativeSidecars?: boolean;
  readonly nodes?: readonly Node[];
  readonly number?: number;
}

/** Of a pod in namespace `shop`. */
export function injectionFacts(given: GivenFacts = {}): InjectionFacts {
  const identities = given.identities ?? [];
  const inNamespace = (namespace: string): Stored<ManagedIdentity>[] =>
    identities.filter(({ metadata }) => metadata.namespace === namespace);
  return {
    settings: { ...settings, ...given.settings },
    namespace: {
      name: "shop",
      optedIn: false,
      terminating: false,
      assignsUsers: false,
      resources: noBounds,
      mesh: noMesh,
      ...given.namespace,
    },
    tenantId: TENANT,
    identities: {
      get: ({ namespace = "", name }) => inNamespace(namespace).find(({ metadata }) => metadata.name === name),
      inNamespace,
    },
    audiences: {
      isRegistered: (audience) => (given.audiences ?? []).map(canonicalAudience).includes(canonicalAudience(audience)),
      ofNamespace: () => given.audiences ?? [],
    },
    nodes: {
      serverHasNativeSidecars: given.serverHasNativeSidecars ?? true,
      old: () => (given.nodes ?? []).filter(({ old }) => old !== undefined),
      osOf: (name) => given.nodes?.find(({ metadata }) => metadata.name === name)?.os,
    },
    drawn: { header: HEADER, number: given.number ?? 7 },
  };
}
