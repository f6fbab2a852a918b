import { setImmediate } from "node:timers/promises";
import { API_GROUP } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { EventRecorder } from "../kube/event-recorder.ts";
import type { Kind } from "../kube/kind.ts";
import type { Log } from "../kube/log.ts";
import type { WorkQueue } from "../kube/work-queue.ts";
import type { Context } from "./context.ts";
import { type InstallationOptions, startInstallation } from "./installation.ts";
import { startKubernetesRoles } from "./kubernetes-role/kubernetes-roles.ts";
import { startManagedIdentityController } from "./managed-identity/controller.ts";
import { startProtectedResourceController } from "./protected-resource/controller.ts";
import { startRoleAssignmentController } from "./role-assignment/controller.ts";
import { startRoleDefinitionController } from "./role-definition/controller.ts";
import { readTenant } from "./tenant.ts";
import type { AuditRevocation } from "./token-revocation/audit-revocation.ts";
import { startTokenRevocationController } from "./token-revocation/controller.ts";
import { startWatches, type Watches } from "./watches.ts";
import { startWorkloadIdentityController } from "./workload-identity/controller.ts";
import { DEFAULT_GRACE_SECONDS } from "./workload-identity/grace.ts";
import { startUnknownControllers } from "./workload-identity/unknown-controller.ts";
import { FIELD_MANAGER } from "./write-status.ts";

interface OperatorOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Assignments of a role with `kubernetesRole` make RoleBindings, unless the API is one without them. */
  readonly kubernetesRoles?: Context["kubernetesRoles"];
  /** Told of each revocation of tokens. */
  readonly auditRevocation?: AuditRevocation;
  readonly identityGraceSeconds?: number | undefined;
  /** Kinds besides Kubernetes' own whose objects own pods. */
  readonly customWorkloads?: readonly Kind[] | undefined;
  /** Only in a cluster. */
  readonly installation?: InstallationOptions;
}

/** What is started once everything is known, and is stopped again. */
type Part = Pick<WorkQueue, "idle" | "stop">;

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
  let parts: readonly Part[] = [];
  const synced = start();

  async function start(): Promise<void> {
    const [tenant] = await Promise.all([readTenant(options.api), watches.synced]);
    if (stopping.signal.aborted) return;
    const context = contextOf(options, watches, tenant);
    parts = [...startParts(context), ...startInstalled(context, options.installation)];
  }

  return {
    synced,
    async idle() {
      await synced;
      await allIdle(parts);
    },
    async stop() {
      stopping.abort();
      // First who writes: a watch may end late, and what it still tells is nobody's to act on.
      await Promise.all(parts.map((part) => part.stop()));
      await watches.stop();
    },
  };
}

function contextOf(options: OperatorOptions, watches: Watches, tenant: Context["tenant"]): Context {
  const { api, clock, log, kubernetesRoles = "bind", auditRevocation = () => {}, installation } = options;
  const { identityGraceSeconds = DEFAULT_GRACE_SECONDS } = options;
  const reporting = { reportingController: `${API_GROUP}/operator`, reportingInstance: FIELD_MANAGER };
  const onError = (err: unknown): void => log.warn({ err }, "An Event could not be written.");
  const events = new EventRecorder({ api, clock, ...reporting, onError });
  const { namespace, vaultNamespace } = installation ?? {};
  const secretNamespaces = [namespace, vaultNamespace].filter((name) => name !== undefined);
  const told = { events, auditRevocation };
  return { api, clock, log, watches, tenant, ...told, kubernetesRoles, secretNamespaces, identityGraceSeconds };
}

function startInstalled(context: Context, installation: InstallationOptions | undefined): Part[] {
  return installation === undefined ? [] : [startInstallation(context, installation)];
}

/** None before all watches have synced: an object that is not listed yet must not be taken for one that is missing. */
function startParts(context: Context): Part[] {
  return [
    startManagedIdentityController(context),
    startWorkloadIdentityController(context),
    startUnknownControllers(context),
    startRoleDefinitionController(context),
    startProtectedResourceController(context),
    startRoleAssignmentController(context),
    startTokenRevocationController(context),
    ...(context.kubernetesRoles === "bind" ? [startKubernetesRoles(context)] : []),
  ];
}

/** One controller's write is another's event, which arrives a turn of the event loop later; and so on, once around. */
async function allIdle(parts: readonly Part[]): Promise<void> {
  for (const _hop of parts) {
    await setImmediate();
    await Promise.all(parts.map((part) => part.idle()));
  }
}
