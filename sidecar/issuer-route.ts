import type { Clock } from "./clock.ts";
import { sidecarLimits } from "./limits.ts";

export interface IssuerRouteOptions {
  readonly send: typeof fetch;
  readonly clock: Clock;
  /** As the host of a URL; undefined: the name alone. */
  readonly address: string | undefined;
}

/**
 * Reaches the issuer by its name or, where that fails, by an address that the webhook knew: a pod with
 * `dnsPolicy: Default` or `None` does not resolve names of the cluster, and a mesh may redirect DNS to a proxy that has
 * not started. TLS verifies the name in both cases. The way that worked is taken first the next time.
 */
export function issuerRoute({ send, clock, address }: IssuerRouteOptions): typeof fetch {
  if (address === undefined) return send;
  let isByAddress = false;
  let isProven = false;

  async function attempt(isAddressed: boolean, target: string, init: RequestInit | undefined): Promise<Response> {
    const response = await (isAddressed ? send(...addressed(target, address ?? "", init)) : send(target, init));
    isByAddress = isAddressed;
    isProven = true;
    return response;
  }

  return async (input, init) => {
    const target = String(input);
    if (!target.startsWith("https:")) return send(target, init);
    const first = isByAddress;
    try {
      if (isProven) return await attempt(first, target, init);
      return await briefly(clock, init, (brief) => attempt(first, target, brief));
    } catch (error) {
      isProven = false;
      if (init?.signal?.aborted) throw error;
      return attempt(!first, target, init);
    }
  };
}

/** A resolver that does not answer takes longer than the gate waits. */
async function briefly<T>(
  clock: Clock,
  init: RequestInit | undefined,
  call: (init: RequestInit) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const outer = init?.signal;
  const follow = (): void => abort.abort(outer?.reason);
  outer?.addEventListener("abort", follow);
  const late = new Error("the issuer took too long");
  const cancel = clock.after(sidecarLimits.nameAttemptSeconds * 1000, () => abort.abort(late));
  try {
    return await call({ ...init, signal: abort.signal });
  } finally {
    cancel();
    outer?.removeEventListener("abort", follow);
  }
}

function addressed(target: string, address: string, init: RequestInit | undefined): [string, RequestInit] {
  const { protocol, hostname, host, port, pathname, search } = new URL(target);
  const headers = new Headers(init?.headers);
  headers.set("host", host);
  const url = `${protocol}//${address}${port === "" ? "" : `:${port}`}${pathname}${search}`;
  return [url, { ...init, headers, tls: { ...init?.tls, serverName: hostname } }];
}
