import type { Clock } from "./clock.ts";
import { sidecarLimits } from "./limits.ts";
import { parseFields } from "./raw-reply.ts";
import { readBounded } from "./read-bounded.ts";
import { STATUS_PATH } from "./status.ts";

/** Where the process that serves this container is, for another one in it. */
export interface OwnProcess {
  readonly port: number;
  readonly endpointHeader: string;
}

export interface StatusQuery extends OwnProcess {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

export type OwnStatus =
  | { readonly kind: "ready" }
  /** `reason` is for a person. */
  | { readonly kind: "waiting" | "silent"; readonly reason: string };

/** Asks the process that serves once. Never rejects. */
export async function askOwnProcess(query: StatusQuery): Promise<OwnStatus> {
  const { port, endpointHeader, clock, fetch } = query;
  const abort = new AbortController();
  const cancel = clock.after(sidecarLimits.statusReplySeconds * 1000, () => abort.abort());
  try {
    const url = `http://127.0.0.1:${port}${STATUS_PATH}`;
    const response = await fetch(url, { headers: { "x-identity-header": endpointHeader }, signal: abort.signal });
    const fields = parseFields((await readBounded(response, sidecarLimits.statusReplyBytes)) ?? "") ?? {};
    if (response.status === 200 && fields.status === "ready") return { kind: "ready" };
    if (fields.status === "not ready") return { kind: "waiting", reason: `${fields.code}: ${fields.sentence}` };
    return { kind: "silent", reason: `another program answers on port ${port} with ${response.status}` };
  } catch {
    return { kind: "silent", reason: `nothing answers on port ${port} of 127.0.0.1` };
  } finally {
    cancel();
  }
}
