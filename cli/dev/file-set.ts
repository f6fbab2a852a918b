import { builtInRoleDefinitions } from "../../identity/built-in-roles.ts";
import type { KubeApi } from "../../kube/api.ts";
import { managedIdentities, roleDefinitions, workloads } from "../../kube/kinds.ts";
import { type Applicable, type Applied, applyManifests, immutableProblems } from "./apply-manifests.ts";
import { type AcceptedManifest, checkManifests } from "./check-manifests.ts";
import { discoverReferences, type RunningWorkload } from "./discover-references.ts";
import type { Change } from "./events.ts";
import type { Problem } from "./manifest-file.ts";
import { readManifestFiles } from "./read-files.ts";
import type { WorkloadReference } from "./workload-reference.ts";
import { podTemplateOf } from "./workload-template.ts";

export type Loaded =
  | {
      readonly kind: "applied";
      readonly changes: readonly Change[];
      readonly ignored: readonly string[];
      readonly warnings: readonly string[];
      /** Everyone in the files who could ask for a token. */
      readonly references: readonly WorkloadReference[];
    }
  /** Nothing was applied: what was there before keeps serving. */
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Every install has the built-in roles. A file may define one anew, until it does not any more. */
function withBuiltInRoles(accepted: readonly AcceptedManifest[]): readonly Applicable[] {
  const defined = new Set(
    accepted.filter(({ kind }) => kind === roleDefinitions).map(({ manifest }) => manifest.metadata.name),
  );
  const builtIn = builtInRoleDefinitions.filter(({ metadata }) => !defined.has(metadata.name));
  return [...builtIn.map((manifest) => ({ kind: roleDefinitions, manifest })), ...accepted];
}

/** The files of `-f`, and what the API holds because of them. */
export class FileSet {
  readonly #api: KubeApi;
  readonly #paths: readonly string[];
  readonly #applied: Applied = new Map();

  constructor(api: KubeApi, paths: readonly string[]) {
    this.#api = api;
    this.#paths = paths;
  }

  /** Reads the files anew and applies all of them, or none when anything is wrong in any. */
  async load(): Promise<Loaded> {
    const { manifests, problems: unreadable } = await readManifestFiles(this.#paths);
    const { accepted, problems: invalid, ignored, warnings } = checkManifests(manifests);
    const problems = [...unreadable, ...invalid, ...(await immutableProblems(this.#api, accepted))];
    if (problems.length > 0) return { kind: "refused", problems };
    const changes = await applyManifests(this.#api, withBuiltInRoles(accepted), this.#applied);
    const references = await this.#references(accepted);
    return { kind: "applied", changes, ignored, warnings: [...warnings, ...this.#nothingIn(manifests)], references };
  }

  #nothingIn(manifests: readonly unknown[]): string[] {
    if (this.#paths.length === 0 || manifests.length > 0) return [];
    return [`no object in ${this.#paths.join(", ")}: expected .yaml, .yml or .json files with Kubernetes objects`];
  }

  async #references(accepted: readonly AcceptedManifest[]): Promise<WorkloadReference[]> {
    const { items: identities } = await this.#api.list(managedIdentities);
    const running = await Promise.all(accepted.map((one) => this.#runningWorkload(one)));
    return discoverReferences(identities, running.flat());
  }

  async #runningWorkload({ kind, manifest: { metadata } }: AcceptedManifest): Promise<RunningWorkload[]> {
    const [name] = Object.entries(workloads).find(([, known]) => known.kind === kind.kind) ?? [];
    if (name === undefined) return [];
    const workloadKind = name as keyof typeof workloads;
    const namespace = metadata.namespace ?? "default";
    const template = await podTemplateOf(this.#api, workloadKind, { namespace, name: metadata.name });
    const serviceAccount = template?.spec?.serviceAccountName ?? "default";
    return [{ reference: { by: "workload", namespace, kind: workloadKind, name: metadata.name }, serviceAccount }];
  }
}
