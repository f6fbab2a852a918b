import { type ManagedIdentity, type WorkloadKind, workloadKinds } from "../../identity/managed-identity.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { Kind } from "../../kube/kind.ts";
import { type Workload, watchedCustomWorkload, watchedWorkload } from "../../operator/workload-identity/workload.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { UsageError } from "../usage-error.ts";
import { parseWorkloadKind } from "./workload-kind.ts";

export interface WorkloadName {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
}

/** `KIND/NAME` in a person's own namespace, or `NAMESPACE/KIND/NAME`. Throws a UsageError for anything else. */
export function parseWorkloadName(text: string, ownNamespace: string): WorkloadName {
  const parts = text.split("/");
  const [namespace = "", kind = "", name = ""] = parts.length === 2 ? [ownNamespace, ...parts] : parts;
  if (parts.length < 2 || parts.length > 3) {
    throw new UsageError(
      `"${text}" is no workload: expected KIND/NAME, such as deployment/web (${workloadKinds.join(", ")}).`,
    );
  }
  return { kind: parseWorkloadKind(kind), ...parseNamespacedName(`${namespace}/${name}`, ownNamespace) };
}

export interface FoundWorkload {
  readonly workload: Workload;
  readonly resource: Kind<Workload>;
}

/** The workload as the operator sees it. Throws a UsageError, with what was most likely meant, when there is none. */
export async function findWorkload(
  { namespace, kind, name }: WorkloadName,
  { api }: Pick<Session, "api">,
): Promise<FoundWorkload> {
  const resource = watchedWorkload(kind);
  const workload = await find(api, resource, { namespace, name });
  if (workload !== undefined) return { workload, resource };
  const known = (await api.list(resource, { namespace })).items.map(({ metadata }) => metadata.name);
  throw new UsageError(`there is no ${kind} ${namespace}/${name}.${didYouMean(name, known)}`);
}

/**
 * Returns the workload of a system-assigned identity. Returns undefined if its kind belongs to another API and the object,
 * or the whole kind, is gone: the operator keeps an identity whose kind it does not read, and nothing asks for it.
 */
export async function workloadOf(
  { metadata: { namespace }, spec }: ManagedIdentity,
  session: Pick<Session, "api" | "customKind">,
): Promise<FoundWorkload | undefined> {
  if (spec.workload === undefined) return undefined;
  const { apiVersion, kind, name, uid } = spec.workload;
  const known = workloadKinds.find((each) => each === kind);
  if (known !== undefined) return findWorkload({ namespace, kind: known, name }, session);
  const custom = await session.customKind({ apiVersion, kind });
  if (custom === undefined) return undefined;
  const resource = watchedCustomWorkload(custom);
  const workload = await find(session.api, resource, { namespace, name });
  return workload?.metadata.uid === uid ? { workload, resource } : undefined;
}
