import type { Condition } from "../../identity/condition.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { type Informer, startInformer } from "../../kube/informer.ts";
import { type Kind, type KubeObject, keyText } from "../../kube/kind.ts";
import {
  clusterRoleAssignments,
  managedIdentities,
  protectedResources,
  roleAssignments,
  roleDefinitions,
  tokenRevocations,
} from "../../kube/kinds.ts";
import type { StoreChange } from "../../kube/store.ts";
import { objectName } from "./apply-manifests.ts";
import type { DevEvent, IdentityRow } from "./events.ts";

/** What a person should hear of objects: identities that come and go, and conditions that change. */
export interface ObjectReports {
  /** Identities as they are now, and what is not ready; from here on changes are reported as they happen. */
  begin(): void;
  stop(): Promise<void>;
}

type Running = Pick<Informer<KubeObject>, "synced" | "stop">;

type WithConditions = KubeObject & {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
};

export async function startObjectReports(
  api: KubeApi,
  clock: Clock,
  report: (event: DevEvent) => void,
): Promise<ObjectReports> {
  let live = false;
  const identities = startInformer(api, managedIdentities, { clock });
  const conditions = [
    ...[follow(managedIdentities), follow(roleAssignments), follow(clusterRoleAssignments)],
    ...[follow(protectedResources), follow(roleDefinitions), follow(tokenRevocations)],
  ];
  identities.store.subscribe((change) => {
    const event = identityChange(change);
    if (live && event !== undefined) report(event);
  });
  const informers: readonly Running[] = [identities, ...conditions.map(({ informer }) => informer)];
  await Promise.all(informers.map(({ synced }) => synced));

  function follow<T extends WithConditions>(kind: Kind<T>): { kind: Kind; informer: Informer<T> } {
    const informer = startInformer(api, kind, { clock });
    informer.store.subscribe((change) => {
      const event = conditionChange(kind, change);
      if (live && event !== undefined) report(event);
    });
    return { kind, informer };
  }

  return {
    begin() {
      live = true;
      report({ event: "identities", identities: [...identities.store.values()].map(identityRow) });
      for (const { kind, informer } of conditions) {
        for (const object of informer.store.values()) reportNotReady(kind, object, report);
      }
    },
    async stop() {
      await Promise.all(informers.map((informer) => informer.stop()));
    },
  };
}

function identityChange({ type, object, ...change }: StoreChange<ManagedIdentity>): DevEvent | undefined {
  if (type === "delete") return { event: "identity", change: "deleted", identity: identityRow(object) };
  const before = "previous" in change ? change.previous?.status?.clientId : undefined;
  const isNew = before === undefined && object.status?.clientId !== undefined;
  return isNew ? { event: "identity", change: "appeared", identity: identityRow(object) } : undefined;
}

function conditionChange<T extends WithConditions>(kind: Kind, change: StoreChange<T>): DevEvent | undefined {
  if (change.type === "delete") return undefined;
  const [now, before] = [readyOf(change.object), change.previous && readyOf(change.previous)];
  if (now === undefined || (now.status === before?.status && now.message === before.message)) return undefined;
  return conditionEvent(kind, change.object, now);
}

function reportNotReady(kind: Kind, object: WithConditions, report: (event: DevEvent) => void): void {
  const ready = readyOf(object);
  if (ready !== undefined && ready.status !== "True") report(conditionEvent(kind, object, ready));
}

function conditionEvent(kind: Kind, object: KubeObject, { status, reason, message }: Condition): DevEvent {
  return { event: "condition", object: objectName(kind, object.metadata), ready: status === "True", reason, message };
}

function readyOf({ status }: WithConditions): Condition | undefined {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

function identityRow({ metadata, spec, status }: ManagedIdentity): IdentityRow {
  return {
    name: keyText(metadata),
    type: spec.type,
    clientId: status?.clientId ?? "",
    principalId: status?.principalId ?? metadata.uid,
    resourceId: status?.resourceId ?? "",
    usedBy: usersOf({ metadata, spec }),
  };
}

function usersOf({ metadata, spec }: Pick<ManagedIdentity, "metadata" | "spec">): string[] {
  if (spec.workload !== undefined) return [`${metadata.namespace}/${spec.workload.kind}/${spec.workload.name}`];
  return (spec.subjects ?? []).map(
    ({ serviceAccount, namespace }) => `${namespace ?? metadata.namespace}/${serviceAccount}`,
  );
}
