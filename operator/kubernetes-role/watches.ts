import { startInformer } from "../../kube/informer.ts";
import { clusterRoleBindings, roleBindings } from "../../kube/rbac-kinds.ts";
import type { Context } from "../context.ts";
import { objectText } from "../object-name.ts";
import { assignmentOf, type Binding } from "./binding.ts";

const indexes = {
  assignment: (binding: Binding): readonly string[] => {
    const assignment = assignmentOf(binding);
    return assignment === undefined ? [] : [objectText(assignment)];
  },
};

/** What only this controller watches. Apart from the others: without the right to read bindings all else goes on. */
export function startBindingWatches({ api, clock, log }: Pick<Context, "api" | "clock" | "log">) {
  const options = { clock, log, indexes };
  const informers = {
    roleBindings: startInformer(api, roleBindings, options),
    clusterRoleBindings: startInformer(api, clusterRoleBindings, options),
  };
  const all = Object.values(informers);
  return {
    roleBindings: informers.roleBindings.store,
    clusterRoleBindings: informers.clusterRoleBindings.store,
    synced: Promise.all(all.map(({ synced }) => synced)),
    stop: () => Promise.all(all.map((informer) => informer.stop())),
  };
}

export type BindingWatches = Omit<ReturnType<typeof startBindingWatches>, "synced" | "stop">;

/** The bindings whose name says that they are for this assignment. */
export function bindingsOf(key: string, { roleBindings, clusterRoleBindings }: BindingWatches): readonly Binding[] {
  return [...roleBindings.by("assignment", key), ...clusterRoleBindings.by("assignment", key)];
}
