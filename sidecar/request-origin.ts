import type { Rule } from "./dialect.ts";
import { refusals } from "./refusals.ts";

/**
 * What a client in the pod writes in `Host`: an address of the loopback device, its name, or the address of the cloud's
 * metadata service, whose packets `lanyard.dev/imds-redirect` brings here.
 */
const LOCAL_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|169\.254\.169\.254)(?::\d{1,5})?$/i;

/** What a proxy adds or is sent: RFC 9110 §7.6.3 (Via), RFC 7239 (Forwarded), and the names from before it. */
const FORWARDED: ReadonlySet<string> = new Set([
  "forwarded",
  "proxy-authorization",
  "proxy-connection",
  "via",
  "x-real-ip",
]);

/**
 * Holds for every dialect. A web page whose name was pointed at 127.0.0.1 (DNS rebinding) sends that name in `Host`; the
 * target of a request that was meant for a proxy has a host of its own.
 */
const localHost: Rule = ({ url, headers }) => {
  const target = hostIn(url);
  const host = headers.get("host") ?? target;
  const isLocal = LOCAL_HOST.test(host) && (host === target || LOCAL_HOST.test(target));
  return isLocal ? undefined : refusals.HostNotLocal();
};

const sentDirectly: Rule = ({ headers }) => {
  // Entries instead of keys cost a microsecond more, which each request pays.
  for (const name of headers.keys()) {
    if (FORWARDED.has(name) || name.startsWith("x-forwarded")) return refusals.RequestForwarded();
    if (name === "origin" || isFetchMetadata(name, headers)) return refusals.RequestFromBrowser();
  }
  return undefined;
};

/** Checked before the rules of the request's dialect. */
export const everyRequest: readonly Rule[] = [localHost, sentDirectly];

/** https://www.w3.org/TR/fetch-metadata/: browsers send several of them, the `fetch` of Node.js this one alone. */
function isFetchMetadata(name: string, headers: Headers): boolean {
  return name.startsWith("sec-fetch-") && !(name === "sec-fetch-mode" && headers.get(name) === "cors");
}

/** Without user name: nothing that is allowed has an `@`. */
function hostIn(url: string): string {
  const start = url.indexOf("://") + 3;
  const length = url.slice(start).search(/[/?#]/);
  return length === -1 ? url.slice(start) : url.slice(start, start + length);
}
