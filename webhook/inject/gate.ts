import { annotations } from "../../identity/names.ts";
import { readGate, type SidecarMode } from "../../identity/pod-annotations.ts";
import { isWaitExpected } from "./annotation-messages.ts";
import type { InjectionFacts } from "./facts.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

/**
 * How the sidecar holds back the pod's other containers:
 * - `hook`: a postStart hook, after which the next container starts at once. The kubelet neither deletes the pod nor
 *   shows its logs while the hook runs, so it waits briefly and fails; the kubelet then restarts the container, later each
 *   time.
 * - `probe`: a startup probe, which costs a pod up to one second more, and then waits as long as it takes.
 * - `brief`: a hook that never fails. The kubelet starts a container after a classic sidecar also if its hook failed, and
 *   would then stop the sidecar.
 */
export type GateForm = "none" | "hook" | "probe" | "brief";

const PROGRAM = "/lanyard-sidecar";

/** A probe where it is known that the pod cannot have what its gate waits for: others lose no time. */
export function gateForm(pod: AdmittedPod, facts: InjectionFacts, mode: SidecarMode): GateForm {
  if (readGate(annotationsOf(pod)[annotations.gate] ?? "true")?.kind === "none") return "none";
  if (mode === "classic") return "brief";
  return isWaitExpected(pod, facts) ? "probe" : "hook";
}

/** Each attempt waits for 2 s, and the kubelet begins the next one in the next period: for an hour. */
const STARTUP = { periodSeconds: 3, timeoutSeconds: 5, failureThreshold: 1200 };

/**
 * By a command, because a mesh with strict mTLS resets the kubelet's own connections, and because no other pod needs to
 * reach the sidecar. A command costs more than a connection, so it runs once a minute.
 */
const LIVENESS = { periodSeconds: 60, timeoutSeconds: 10, failureThreshold: 3 };

/** The members of the sidecar's container by which the kubelet holds back the others and notices that it hangs. */
export function probesOf(gate: GateForm): object {
  const livenessProbe = { exec: { command: [PROGRAM, "live"] }, ...LIVENESS };
  const wait = { exec: { command: [PROGRAM, "wait", ...(gate === "brief" ? ["--fail-open"] : [])] } };
  if (gate === "none") return { livenessProbe };
  return gate === "probe"
    ? { startupProbe: { ...wait, ...STARTUP }, livenessProbe }
    : { lifecycle: { postStart: wait }, livenessProbe };
}
