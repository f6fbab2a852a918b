import type { Refusal, RefusalCode } from "../identity/reasons.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import { pods } from "../kube/kinds.ts";
import type { AuditNotes } from "./audit.ts";
import { issuerLimits } from "./limits.ts";

/** Told of each refusal, with what is known of who was refused. */
export type OnRefused = (refusal: Refusal, notes: AuditNotes) => void;

/** Those that come after the pod has proved who it is, and that its author can mend: nobody makes Events on another's pod. */
const toldOnPod: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  "AudienceNotRegistered",
  "IdentityAmbiguous",
  "IdentityDisabled",
  "IdentityNotFound",
  "NoIdentity",
  "ResourceUnusable",
  "RoleAssignmentEnding",
  "RoleAssignmentRequired",
  "SourceAddressMismatch",
  "SourceAddressUnknown",
]);

/** While the API server is slow: more is left out, since the audit trail has every refusal. */
const MOST_PENDING = issuerLimits.pendingEvents;

/** Says on the pod, where `kubectl describe` shows it, why it was refused. No reply waits for it; the recorder counts repeats up. */
export function refusalEvents(events: Pick<EventRecorder, "record">): OnRefused {
  let pending = 0;
  return ({ code, sentence }, { pod }) => {
    if (pod === undefined || !toldOnPod.has(code) || pending >= MOST_PENDING) return;
    pending += 1;
    const regarding = { apiVersion: pods.apiVersion, kind: pods.kind, ...pod };
    const written = events.record(regarding, { type: "Warning", reason: code, action: "RefuseToken", note: sentence });
    void written.finally(() => {
      pending -= 1;
    });
  };
}
