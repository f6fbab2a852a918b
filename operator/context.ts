import type { TenantId } from "../identity/ids.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import type { Log } from "../kube/log.ts";
import type { AuditRevocation } from "./token-revocation/audit-revocation.ts";
import type { Watches } from "./watches.ts";

/** What every controller works with. */
export interface Context {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly watches: Watches;
  readonly events: EventRecorder;
  readonly tenant: TenantId;
  readonly auditRevocation: AuditRevocation;
  /** Whether assignments of a role with `kubernetesRole` make RoleBindings: an API in memory has no kind for them. */
  readonly kubernetesRoles: "bind" | "ignore";
  /** The namespaces that hold the signing keys and the secrets of vaults: no role is bound there. */
  readonly secretNamespaces: readonly string[];
  /** How long the identity of a workload that asks for none any more is kept, disabled. */
  readonly identityGraceSeconds: number;
}
