import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { keyText } from "../../kube/kind.ts";
import { managedIdentities } from "../../kube/kinds.ts";
import { identityName } from "../../operator/workload-identity/identity-name.ts";
import type { Workload } from "../../operator/workload-identity/workload.ts";
import type { Answer } from "../cluster/answer.ts";
import { poll } from "../cluster/poll.ts";
import { find } from "../cluster/readable.ts";
import type { Session } from "../cluster/session.ts";
import { formatFields } from "../format-table.ts";
import { UsageError } from "../usage-error.ts";
import { turnOn } from "./annotate-workload.ts";
import { findWorkload, parseWorkloadName } from "./find-workload.ts";
import { identityData, idFields } from "./identity-data.ts";
import { identityText } from "./identity-text.ts";

export interface AssignOptions {
  /** Seconds. */
  readonly timeout: number;
}

/** Gives a workload an identity of its own, and waits until there is one. */
export async function assignIdentity(text: string, { timeout }: AssignOptions, session: Session): Promise<Answer> {
  const found = await findWorkload(parseWorkloadName(text, session.namespace), session);
  const { workload } = found;
  refuseControlled(workload, session);
  if (workload.systemAssigned !== "true") await turnOn(found, session.api);
  session.say(`Waiting for the identity of ${workload.kind} ${keyText(workload.metadata)}.`);
  const identity = await poll(() => identityOf(workload, session), session, timeout * 1000);
  return identity === undefined ? late(workload) : assigned(identity, session);
}

/** Pods and ReplicaSets copy the annotation of what made them, and mean that one by it. */
function refuseControlled({ kind, metadata }: Workload, { program }: Session): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return;
  const above = `${owner.kind.toLowerCase()}/${owner.name}`;
  throw new UsageError(
    `${kind} ${keyText(metadata)} belongs to ${owner.kind} ${owner.name}, whose identity it has: ${program} identity assign ${above} -n ${metadata.namespace}`,
  );
}

/** Once the operator has written its ids. */
async function identityOf(workload: Workload, { api }: Session): Promise<ManagedIdentity | undefined> {
  const { namespace, uid } = workload.metadata;
  const identity = await find(api, managedIdentities, { namespace, name: identityName(workload) });
  return identity?.spec.workload?.uid === uid && identity.status?.clientId !== undefined ? identity : undefined;
}

function assigned(identity: ManagedIdentity, { program }: Session): Answer {
  const who = identityText(identity);
  const next = `Give it a role: ${program} role-assignment create --assignee ${who} --role ROLE --resource NAMESPACE/NAME`;
  return {
    code: 0,
    text: `${who} has an identity of its own.\n\n${formatFields(idFields(identity))}\n\n${next}`,
    data: identityData(identity),
  };
}

function late({ kind, metadata }: Workload): Answer {
  const { namespace, name } = metadata;
  const why = `${kind} ${namespace}/${name} asks for an identity, and the operator has not made it yet. Is it running? If it is, an Event says why: kubectl describe ${kind.toLowerCase()} ${name} -n ${namespace}`;
  return { code: 1, text: "", data: { workload: { kind, namespace, name }, problem: why }, notes: [why] };
}
