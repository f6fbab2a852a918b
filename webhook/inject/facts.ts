import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { OsOfNode } from "../../identity/windows-pod.ts";
import type { ObjectKey } from "../../kube/kind.ts";
import type { Stored } from "../../kube/stored.ts";
import type { Node } from "../nodes/node-kind.ts";
import type { ResourceFacts } from "../resources/sidecar-resources.ts";
import type { WebhookSettings } from "../settings.ts";
import type { NamespaceMesh } from "./mesh.ts";

/** The namespace that a pod is created in. */
export interface NamespaceFacts {
  readonly name: string;
  readonly optedIn: boolean;
  readonly terminating: boolean;
  /** OpenShift gives the namespace a range of user ids, and refuses every other id. */
  readonly assignsUsers: boolean;
  /** What it says of the resources of its pods. */
  readonly resources: ResourceFacts;
  readonly mesh: NamespaceMesh;
}

/** All that a decision about a pod is made from, beside the pod. Lookups are of memory, never of the API. */
export interface InjectionFacts {
  readonly settings: WebhookSettings;
  /** The namespace that the pod is created in: the request's, because the pod itself may not say. */
  readonly namespace: NamespaceFacts;
  /** Undefined until namespace kube-system has been seen. */
  readonly tenantId: string | undefined;
  readonly identities: IdentityLookup;
  readonly audiences: AudienceLookup;
  readonly nodes: NodeFacts;
  readonly drawn: RandomDraw;
}

/** What pods can run on. */
export interface NodeFacts {
  /** Whether the API server knows init containers that go on running. */
  readonly serverHasNativeSidecars: boolean;
  /** Those that are too old for native sidecars. */
  readonly old: () => Iterable<Node>;
  readonly osOf: OsOfNode;
}

export interface AudienceLookup {
  /** Whether a ProtectedResource of any namespace registers the audience. */
  readonly isRegistered: (audience: string) => boolean;
  readonly ofNamespace: (namespace: string) => Iterable<string>;
}

export interface IdentityLookup {
  readonly get: (key: ObjectKey) => Stored<ManagedIdentity> | undefined;
  readonly inNamespace: (namespace: string) => readonly Stored<ManagedIdentity>[];
}

/** What is random about one pod. */
export interface RandomDraw {
  /** The value of IDENTITY_HEADER. */
  readonly header: string;
  /** A whole number from 0, that a port on a shared network is made from. */
  readonly number: number;
}
