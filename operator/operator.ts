import { setImmediate } from "node:timers/promises";
import { API_GROUP } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { EventRecorder } from "../kube/event-recorder.ts";
import type { Log } from "../kube/log.ts";
import type { WorkQueue } from "../kube/work-queue.ts";
import type { Context } from "./context.ts";
import { startManagedIdentityController } from "./managed-identity/controller.ts";
import { startProtectedResourceController } from "./protected-resource/controller.ts";
import { startRoleAssignmentController } from "./role-assignment/controller.ts";
import { startRoleDefinitionController } from "./role-definition/controller.ts";
import { readTenant } from "./tenant.ts";
import { startWatches, type Watches } from "./watches.ts";
import { startWorkloadIdentityController } from "./workload-identity/controller.ts";
import { FIELD_MANAGER } from "./write-status.ts";

interface OperatorOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Operator {
  /** Fulfilled once every watch holds its first list and the controllers run; rejected when the tenant cannot be read. */
  readonly synced: Promise<void>;
  /** Fulfilled when nothing is left to do; what is due later does not count. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export function startOperator(options: OperatorOptions): Operator {
  const watches = startWatches(options);
  const stopping = new AbortController();
  let queues: readonly WorkQueue[] = [];
  const synced = start();

  async function start(): Promise<void> {
    const [tenant] = await Promise.all([readTenant(options.api), watches.synced]);
    if (stopping.signal.aborted) return;
    queues = startControllers(contextOf(options, watches, tenant));
  }

  return {
    synced,
    async idle() {
      await synced;
      await allIdle(queues);
    },
    async stop() {
      stopping.abort();
      await watches.stop();
      await Promise.all(queues.map((queue) => queue.stop()));
    },
  };
}

function contextOf({ api, clock, log }: OperatorOptions, watches: Watches, tenant: Context["tenant"]): Context {
  const reporting = { reportingController: `${API_GROUP}/operator`, reportingInstance: FIELD_MANAGER };
  const onError = (err: unknown): void => log.warn({ err }, "An Event could not be written.");
  return { api, clock, log, watches, tenant, events: new EventRecorder({ api, clock, ...reporting, onError }) };
}

/** None before all watches have synced: an object that is not listed yet must not be taken for one that is missing. */
function startControllers(context: Context): WorkQueue[] {
  return [
    startManagedIdentityController(context),
    startWorkloadIdentityController(context),
    startRoleDefinitionController(context),
    startProtectedResourceController(context),
    startRoleAssignmentController(context),
  ];
}

/** One controller's write is another's event, which arrives a turn of the event loop later. */
async function allIdle(queues: readonly WorkQueue[]): Promise<void> {
  await setImmediate();
  await Promise.all(queues.map((queue) => queue.idle()));
}
