import type { WorkQueue } from "../../kube/work-queue.ts";
import type { Context } from "../context.ts";
import { startKubernetesRoleController } from "./controller.ts";
import { startBindingWatches } from "./watches.ts";

export interface KubernetesRoles {
  /** Fulfilled when the bindings are listed and nothing is left to do. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The watches of bindings and the controller that lives on them. The rest of the operator does not wait for them: who
 * takes the right to read bindings away stops the bindings alone.
 */
export function startKubernetesRoles(context: Context): KubernetesRoles {
  const watches = startBindingWatches(context);
  const stopping = new AbortController();
  let queue: WorkQueue | undefined;
  const synced = watches.synced.then(() => {
    if (!stopping.signal.aborted) queue = startKubernetesRoleController(context, watches);
  });
  return {
    async idle() {
      await synced;
      await queue?.idle();
    },
    async stop() {
      stopping.abort();
      await queue?.stop();
      await watches.stop();
    },
  };
}
