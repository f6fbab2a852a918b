import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { annotations } from "../../identity/names.ts";
import { HIGHEST_PORT, LOWEST_PORT, readPort } from "../../identity/pod-annotations.ts";
import { type AdmittedPod, allContainers, annotationsOf } from "./pod.ts";

/** Where the token endpoint listens. */
export interface Ports {
  readonly token: number;
  readonly warnings: readonly AdmissionReason[];
}

const DEFAULT_PORT = 4280;

/**
 * On the node's network every pod has the same ports, so each gets a pair of its own: below the ports of Services
 * (30000) and of outgoing connections (32768), above those that Kubernetes' own processes listen on (10248 to 10259).
 */
const SHARED_FROM = 20_000;
const SHARED_PAIRS = 5_000;

/** The ports that the author asks for, or the default ones, unless the pod declares them for itself. */
export function choosePorts(pod: AdmittedPod, drawnNumber: number): Ports {
  const declared = declaredPorts(pod);
  const asked = readPort(annotationsOf(pod)[annotations.port] ?? "");
  const preferred = pod.spec.hostNetwork ? SHARED_FROM + 2 * (drawnNumber % SHARED_PAIRS) : DEFAULT_PORT;
  const token = nextFree(asked ?? preferred, declared);
  const isMoved = asked !== undefined && asked !== token;
  return { token, warnings: isMoved ? [admissionReasons.PortTaken(asked, token)] : [] };
}

function declaredPorts(pod: AdmittedPod): ReadonlySet<number> {
  const ports = allContainers(pod).flatMap((container) => container.ports ?? []);
  return new Set(ports.flatMap(({ containerPort = 0, hostPort = 0 }) => [containerPort, hostPort]));
}

function nextFree(from: number, taken: ReadonlySet<number>): number {
  let port = from;
  while (port > HIGHEST_PORT || taken.has(port)) port = port >= HIGHEST_PORT ? LOWEST_PORT : port + 1;
  return port;
}
