import { clientIdOf, principalId, resourceIdOf, tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { annotations as names, TENANT_NAMESPACE } from "../../identity/names.ts";
import type { OwnerReference } from "../../identity/object-meta.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { ClusterRoleAssignment, RoleAssignment } from "../../identity/role-assignment.ts";
import type { RoleDefinition } from "../../identity/role-definition.ts";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Pod, ServiceAccount, TemplatedWorkload } from "../../kube/core-objects.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import {
  allKinds,
  clusterRoleAssignments,
  deployments,
  managedIdentities,
  namespaces,
  pods,
  protectedResources,
  replicaSets,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
  tokenRevocations,
} from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { stored } from "../../kube/stored.ts";
import { FakeClock } from "./fake-clock.ts";

export interface PodOptions {
  readonly serviceAccount?: string;
  /** Empty: not scheduled. */
  readonly node?: string;
  /** As the kubelet reports it. */
  readonly startTime?: string;
  readonly phase?: string;
  /** The annotation lanyard.dev/identity. */
  readonly identity?: string;
  readonly controller?: KubeObject;
  /** The pod's own, as the kubelet reports them. */
  readonly addresses?: readonly string[];
  /** Those of its node. */
  readonly nodeAddresses?: readonly string[];
  readonly hostNetwork?: boolean;
}

export interface AssignmentOptions {
  /** `NAMESPACE/NAME` of the managed identity. */
  readonly to: string;
  readonly role: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly expiresAt?: string;
  readonly condition?: string;
}

const author = { fieldManager: "world", force: true };

/** A small cluster for tests. Objects are named `NAMESPACE/NAME`; each builder writes one (and what it cannot be without). */
export class World {
  readonly clock: FakeClock;
  readonly api: InMemoryApi;

  private constructor(clock: FakeClock, api: InMemoryApi) {
    this.clock = clock;
    this.api = api;
  }

  /** A cluster with nothing in it but the namespace whose UID is the tenant id. */
  static async create(clock: FakeClock = new FakeClock(), kinds: readonly Kind[] = allKinds): Promise<World> {
    const time: Clock = clock;
    const world = new World(clock, new InMemoryApi({ kinds, clock: time }));
    await world.namespace(TENANT_NAMESPACE);
    return world;
  }

  async tenantId(): Promise<string> {
    return (await this.api.get(namespaces, { name: TENANT_NAMESPACE })).metadata.uid;
  }

  namespace(name: string): Promise<KubeObject> {
    return this.#write(namespaces, { name });
  }

  serviceAccount(name: string): Promise<ServiceAccount> {
    return this.#write(serviceAccounts, parse(name));
  }

  /** A running pod of ServiceAccount `default`, unless said otherwise. */
  async pod(name: string, options: PodOptions = {}): Promise<Pod> {
    const { serviceAccount = "default", node = "node-1", startTime, phase = "Running", identity, controller } = options;
    const metadata = {
      ...parse(name),
      ...(identity === undefined ? {} : { annotations: { [names.identity]: identity } }),
      ...ownedBy(controller),
    };
    const { hostNetwork = false, addresses, nodeAddresses } = options;
    await this.#write(pods, metadata, {
      spec: { serviceAccountName: serviceAccount, hostNetwork, ...(node === "" ? {} : { nodeName: node }) },
    });
    return this.#status(pods, name, defined({ phase, startTime, podIPs: ips(addresses), hostIPs: ips(nodeAddresses) }));
  }

  /** Deployment → ReplicaSet → Pod, as the controllers of Kubernetes would make them. */
  async deployment(
    name: string,
    options: PodOptions = {},
  ): Promise<{ deployment: TemplatedWorkload; replicaSet: TemplatedWorkload; pod: Pod }> {
    const deployment = await this.#write(deployments, parse(name));
    const replicaSet = await this.#write(replicaSets, { ...parse(`${name}-7d4b`), ...ownedBy(deployment) });
    const pod = await this.pod(`${name}-7d4b-x2x9z`, { ...options, controller: replicaSet });
    return { deployment, replicaSet, pod };
  }

  /** A user-assigned identity with the status that the operator would write. */
  identity(name: string, spec: object): Promise<ManagedIdentity> {
    return this.#identity(name, { type: "UserAssigned", ...spec });
  }

  /** The system-assigned identity of a workload. */
  systemIdentity(name: string, workload: KubeObject): Promise<ManagedIdentity> {
    const { apiVersion, kind, metadata } = workload;
    const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid };
    return this.#identity(name, { type: "SystemAssigned", workload: reference });
  }

  role(name: string, actions: readonly string[] = ["secrets/read"]): Promise<RoleDefinition> {
    return this.#write(roleDefinitions, { name }, { spec: { actions } });
  }

  /** Resolved and pinned, as the operator would. */
  async assignment(name: string, { to, role, ...rest }: AssignmentOptions): Promise<RoleAssignment> {
    const spec = { principal: principalNamed(to), roleDefinition: role, ...rest };
    await this.#write(roleAssignments, parse(name), { spec: defined(spec) });
    return this.#status(roleAssignments, name, { principalId: await this.#uidOf(to) });
  }

  async clusterAssignment(
    name: string,
    { to, role, scope }: { to: string; role: string; scope: string },
  ): Promise<ClusterRoleAssignment> {
    const spec = { principal: principalNamed(to), roleDefinition: role, scope };
    await this.#write(clusterRoleAssignments, { name }, { spec });
    return this.#status(clusterRoleAssignments, name, { principalId: await this.#uidOf(to) });
  }

  /** A protected resource with one audience, unless the spec says more. */
  resource(name: string, audience: string, spec: object = {}): Promise<ProtectedResource> {
    return this.#write(protectedResources, parse(name), { spec: { audiences: [audience], ...spec } });
  }

  /** As a person revokes tokens. */
  revocation(name: string, spec: TokenRevocation["spec"]): Promise<TokenRevocation> {
    return this.#write(tokenRevocations, parse(name), { spec });
  }

  /** Writes the spec of an object anew. */
  update<T extends KubeObject>(kind: Kind<T>, name: string, spec: object): Promise<T> {
    return this.api.apply(kind, manifest(kind, parse(name), { spec }), author);
  }

  /** Writes the spec of an object anew, whatever the kind's rules say: to a world of `kindsWithoutRules`. */
  async store(kind: Kind, name: string, spec: unknown): Promise<void> {
    await this.api.apply(stored<KubeObject>(kind), manifest(kind, parse(name), { spec }), author);
  }

  delete(kind: Kind, name: string): Promise<void> {
    return this.api.delete(kind, parse(name));
  }

  async #identity(name: string, spec: object): Promise<ManagedIdentity> {
    const { metadata } = await this.#write(managedIdentities, parse(name), { spec });
    const principal = principalId(metadata.uid);
    const tenant = tenantId(await this.tenantId());
    return this.#status(managedIdentities, name, {
      principalId: principal,
      clientId: clientIdOf(principal, tenant),
      tenantId: tenant,
      resourceId: resourceIdOf(metadata),
    });
  }

  async #uidOf(identity: string): Promise<string> {
    return (await this.api.get(managedIdentities, parse(identity))).metadata.uid;
  }

  #write<T extends KubeObject>(kind: Kind<T>, metadata: Manifest["metadata"], rest: object = {}): Promise<T> {
    return this.api.create(kind, manifest(kind, metadata, rest));
  }

  #status<T extends KubeObject>(kind: Kind<T>, name: string, status: object): Promise<T> {
    return this.api.applyStatus(kind, manifest(kind, parse(name), { status }), author);
  }
}

function parse(name: string): { readonly namespace?: string; readonly name: string } {
  const [first = "", second] = name.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

function manifest(kind: Kind, metadata: Manifest["metadata"], rest: object): Manifest {
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...rest };
}

function principalNamed(identity: string): object {
  const { namespace, name } = parse(identity);
  return { managedIdentity: name, namespace };
}

function ownedBy(controller: KubeObject | undefined): { readonly ownerReferences?: readonly OwnerReference[] } {
  if (controller === undefined) return {};
  const { apiVersion, kind, metadata } = controller;
  return { ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }] };
}

const ips = (addresses: readonly string[] | undefined) => addresses?.map((ip) => ({ ip }));

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
