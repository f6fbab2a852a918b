import { directFetch } from "./direct-fetch.ts";
import type { TrustBundle } from "./trust-bundle.ts";

/** `fetch` that trusts the certificates of the bundle and no other: https://bun.com/docs/runtime/networking/fetch#tls */
export function trustingFetch(bundle: Pick<TrustBundle, "certificates">): typeof fetch {
  return async (input, init) => directFetch(input, { ...init, tls: { ...init?.tls, ca: await bundle.certificates() } });
}
