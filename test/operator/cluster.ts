import { onTestFinished } from "vitest";
import { annotations, TENANT_NAMESPACE } from "../../identity/names.ts";
import type { OwnerReference } from "../../identity/object-meta.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import type { Event } from "../../kube/core-objects.ts";
import type { Kind, KubeObject } from "../../kube/kind.ts";
import {
  allKinds,
  events,
  managedIdentities,
  namespaces,
  protectedResources,
  roleAssignments,
  roleDefinitions,
  serviceAccounts,
} from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { roleBindings } from "../../kube/rbac-kinds.ts";
import type { InstallationOptions } from "../../operator/installation.ts";
import { parseKeyText } from "../../operator/object-name.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { clusterKinds, rbacKinds } from "../kube/cluster-kinds.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { RecordingApi } from "./recording-api.ts";

export interface RunningOperator {
  readonly operator: Operator;
  /** The writes of this operator. */
  readonly writes: string[];
  /** What it logged as an error. */
  readonly errors: unknown[];
}

/** The kinds of an API server that also has RBAC, so that assignments make bindings. */
export const kindsWithRbac: readonly Kind[] = [...allKinds, ...rbacKinds];

/** The kinds of a cluster that Lanyard is installed in. */
export const kindsOfInstallation: readonly Kind[] = [...allKinds, ...clusterKinds];

export const INSTALLED_IN = "lanyard-system";

const installation: InstallationOptions = {
  namespace: INSTALLED_IN,
  names: {
    ...{ webhookService: "lanyard-webhook", issuerService: "lanyard-issuer" },
    ...{ mutatingWebhookConfiguration: "lanyard-webhook", validatingWebhookConfiguration: "lanyard-webhook" },
  },
  clusterDomain: "cluster.local",
  mode: "own",
};

const author = { fieldManager: "a-person", force: true };

/** A cluster with an operator in it; objects are named `NAMESPACE/NAME`, and written as a person would apply them. */
export class Cluster {
  readonly clock = new FakeClock();
  readonly api: InMemoryApi;
  readonly #kubernetesRoles: "bind" | "ignore";
  readonly #installation: { readonly installation?: InstallationOptions };
  #operator: RunningOperator | undefined;

  private constructor(kinds: readonly Kind[], vaultService?: string) {
    this.api = new InMemoryApi({ kinds, clock: this.clock });
    this.#kubernetesRoles = kinds.includes(roleBindings) ? "bind" : "ignore";
    const names = { ...installation.names, vaultService };
    this.#installation = kinds.includes(secrets) ? { installation: { ...installation, names } } : {};
  }

  /** A cluster that has the namespace whose UID is the tenant id, and an operator. */
  static async withOperator(kinds: readonly Kind[] = allKinds): Promise<Cluster> {
    const cluster = await Cluster.withoutOperator(kinds);
    await cluster.startOperator();
    return cluster;
  }

  static async withoutOperator(kinds: readonly Kind[] = allKinds): Promise<Cluster> {
    return Cluster.#made(new Cluster(kinds));
  }

  /** Lanyard is installed, and serves vaults behind this Service. */
  static async withVaults(vaultService: string): Promise<Cluster> {
    const cluster = await Cluster.#made(new Cluster(kindsOfInstallation, vaultService));
    await cluster.startOperator();
    return cluster;
  }

  static async #made(cluster: Cluster): Promise<Cluster> {
    await cluster.apply(namespaces, TENANT_NAMESPACE);
    return cluster;
  }

  /** Starts an operator, after the one that ran, if any, has ended, and lets it do what there is to do. */
  async startOperator(
    fail?: (write: string) => Error | undefined,
    wrap: (api: InMemoryApi) => RecordingApi = (api) => new RecordingApi(api, fail),
  ): Promise<RunningOperator> {
    await this.stopOperator();
    const api = wrap(this.api);
    const errors: unknown[] = [];
    const log = { info() {}, warn() {}, error: (fields: object) => void errors.push(fields) };
    const part = { kubernetesRoles: this.#kubernetesRoles, ...this.#installation };
    const operator = startOperator({ api, clock: this.clock, log, ...part });
    onTestFinished(() => operator.stop());
    this.#operator = { operator, writes: api.writes, errors };
    await this.idle();
    return this.#operator;
  }

  /** Lets the operator that runs, or one that is started now, end what it does and what it must try again. */
  async converge(): Promise<void> {
    if (this.#operator === undefined) await this.startOperator();
    await this.advance(1000);
  }

  async stopOperator(): Promise<void> {
    await this.#operator?.operator.stop();
    this.#operator = undefined;
  }

  async idle(): Promise<void> {
    await this.#operator?.operator.idle();
  }

  async advance(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    await this.idle();
  }

  /** Writes an object and waits until the operator has answered. */
  async apply<T extends KubeObject>(kind: Kind<T>, name: string, rest: object = {}, metadata: object = {}): Promise<T> {
    const { apiVersion } = kind;
    const manifest = { apiVersion, kind: kind.kind, metadata: { ...parseKeyText(name), ...metadata }, ...rest };
    const applied = await this.api.apply(kind, manifest, author);
    await this.idle();
    return applied;
  }

  async delete(kind: Kind, name: string): Promise<void> {
    await this.api.delete(kind, parseKeyText(name));
    await this.idle();
  }

  get<T extends KubeObject>(kind: Kind<T>, name: string): Promise<T> {
    return this.api.get(kind, parseKeyText(name));
  }

  async all<T extends KubeObject>(kind: Kind<T>): Promise<readonly T[]> {
    return (await this.api.list(kind)).items;
  }

  /** The reasons of the Events regarding an object, in the order that they happened. */
  async eventsOn(name: string): Promise<readonly Event[]> {
    const { namespace, name: own } = parseKeyText(name);
    const isAbout = ({ regarding }: Event): boolean => regarding?.name === own && regarding.namespace === namespace;
    return (await this.all(events)).filter(isAbout);
  }

  serviceAccount(name: string) {
    return this.apply(serviceAccounts, name);
  }

  /** With one subject, the ServiceAccount of its name, unless the spec says otherwise. */
  identity(name: string, spec: object = { subjects: [{ serviceAccount: parseKeyText(name).name }] }) {
    return this.apply(managedIdentities, name, { spec: { type: "UserAssigned", disabled: false, ...spec } });
  }

  role(name: string, actions: readonly string[] = ["secrets/read"]) {
    return this.apply(roleDefinitions, name, { spec: { actions } });
  }

  resource(name: string, ...audiences: string[]) {
    return this.apply(protectedResources, name, { spec: { audiences } });
  }

  /** Role `reader` to identity shop/orders, unless the spec says otherwise. */
  assignment(name: string, spec: object = {}) {
    const principal = { managedIdentity: "orders", namespace: "shop" };
    return this.apply(roleAssignments, name, { spec: { principal, roleDefinition: "reader", ...spec } });
  }

  /** A workload whose own annotation, if any, asks for a system-assigned identity. */
  workload<T extends KubeObject>(kind: Kind<T>, name: string, systemAssigned?: string, owner?: OwnerReference) {
    const asking = systemAssigned === undefined ? {} : { [annotations.systemAssigned]: systemAssigned };
    const ownerReferences = owner === undefined ? {} : { ownerReferences: [owner] };
    return this.apply(kind, name, { spec: {} }, { annotations: asking, ...ownerReferences });
  }
}
