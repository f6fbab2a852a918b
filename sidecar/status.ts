import { everyRequest } from "./request-origin.ts";
import { endpointHeader, onlyGet } from "./rules.ts";
import type { Waiting } from "./waiting.ts";

/** Where the processes that the kubelet starts in the sidecar's container ask the one that serves. */
export const STATUS_PATH = "/lanyard/status";

export interface StatusOptions {
  /** Known to the containers of the pod alone, as that of the token endpoint. */
  readonly endpointHeader: string;
  /** Undefined once ready. */
  readonly waiting: () => Waiting | undefined;
}

/**
 * Why the pod still waits, in a sentence. Only on loopback and for the pod's own processes: the sentence names identities
 * and roles. Undefined for every other request, which the token endpoint answers.
 */
export function createStatusHandler(options: StatusOptions): (request: Request) => Response | undefined {
  const rules = [...everyRequest, onlyGet, endpointHeader];
  return (request) => {
    if (!request.url.endsWith(STATUS_PATH)) return undefined;
    if (rules.some((rule) => rule(request, { header: options.endpointHeader }) !== undefined)) return undefined;
    const waiting = options.waiting();
    return waiting === undefined
      ? Response.json({ status: "ready" })
      : Response.json({ status: "not ready", ...waiting }, { status: 503 });
  };
}
