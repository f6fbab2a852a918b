import { type WorkloadKind, workloadKinds } from "../../identity/managed-identity.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import { type Workload, watchedWorkload } from "../../operator/workload-identity/workload.ts";
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

/** The workload as the operator sees it. Throws a UsageError, with what was most likely meant, when there is none. */
export async function findWorkload(
  { namespace, kind, name }: WorkloadName,
  { api }: Pick<Session, "api">,
): Promise<Workload> {
  const found = await find(api, watchedWorkload(kind), { namespace, name });
  if (found !== undefined) return found;
  const known = (await api.list(watchedWorkload(kind), { namespace })).items.map(({ metadata }) => metadata.name);
  throw new UsageError(`there is no ${kind} ${namespace}/${name}.${didYouMean(name, known)}`);
}
