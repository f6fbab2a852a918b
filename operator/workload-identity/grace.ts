import { findings } from "../../identity/findings.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { annotations } from "../../identity/names.ts";
import type { ObjectMeta } from "../../identity/object-meta.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import type { Context } from "../context.ts";
import { unlessGone } from "../unless-gone.ts";
import type { Workload } from "./workload.ts";

/** One annotation that is lost in a deployment must not cost a principal its role assignments: a day is time to notice it. */
export const DEFAULT_GRACE_SECONDS = 86_400;

/** An identity that is disabled until its deletion, in case the annotation of its workload returns. */
export interface Hold {
  readonly identity: ManagedIdentity;
  /** When it is deleted, in milliseconds since the epoch. */
  readonly until: number;
}

/** Owns what holds an identity and nothing else of it, so that giving these fields up restores what a person wrote. */
const FIELD_MANAGER = "lanyard-operator-grace";

/** When a held identity is deleted, in milliseconds since the epoch; undefined for one that is not held. */
export function heldUntil({ metadata }: ManagedIdentity): number | undefined {
  const until = Date.parse(metadata.annotations?.[annotations.deleteAfter] ?? "");
  return Number.isNaN(until) ? undefined : until;
}

export const isHeld = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
  metadata.annotations?.[annotations.deleteAfter] !== undefined;

/** Disables an identity, and tells its workload by when the annotation must return. */
export async function hold(context: Context, { identity, until }: Hold, workload: Workload): Promise<void> {
  const at = new Date(until).toISOString();
  await write(context, identity, { annotations: { [annotations.deleteAfter]: at }, spec: { disabled: true } });
  const { code, sentence } = findings.DeletionPending(workloadText(identity), at);
  await context.events.record(referenceOf(workload), {
    ...{ type: "Warning", reason: code, action: "HoldIdentity", note: sentence },
  });
}

/** Enables an identity again, unless a person has disabled it, too. */
export async function release(context: Context, identity: ManagedIdentity, workload: Workload): Promise<void> {
  await write(context, identity, {});
  const { code, sentence } = findings.IdentityRestored(workloadText(identity));
  await context.events.record(referenceOf(workload), {
    ...{ type: "Normal", reason: code, action: "RestoreIdentity", note: sentence },
  });
}

interface Held {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: { readonly disabled: true };
}

/** The UID keeps an apply from making an identity that was deleted in between. */
async function write({ api }: Context, { metadata }: ManagedIdentity, held: Held): Promise<void> {
  const { apiVersion, kind } = managedIdentities;
  const { namespace, name, uid } = metadata;
  const { annotations: written, ...rest } = held;
  const meta = { namespace, name, uid, ...(written === undefined ? {} : { annotations: written }) };
  const manifest = { apiVersion, kind, metadata: meta, ...rest };
  await unlessGone(api.apply(managedIdentities, manifest, { fieldManager: FIELD_MANAGER, force: true }));
}

function workloadText({ metadata, spec }: ManagedIdentity): string {
  return `${spec.workload?.kind ?? "Workload"} ${metadata.namespace}/${spec.workload?.name ?? ""}`;
}

const referenceOf = ({ apiVersion, kind, metadata: { name, namespace, uid } }: Workload) => ({
  ...{ apiVersion, kind, namespace, name, uid },
});
