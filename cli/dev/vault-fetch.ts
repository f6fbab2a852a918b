import { Readable } from "node:stream";
import { exchange } from "../../kube/client/exchange.ts";

/** Where a vault of this run is served, and by which authority it is known. */
export interface VaultAddress {
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

/** `fetch` for vaults by the names that they have in a cluster: here each is at a port of this machine. */
export function vaultFetch(addressOf: (host: string) => VaultAddress | undefined): typeof fetch {
  return async (input, { method = "GET", headers = {}, body, signal } = {}) => {
    const { hostname, pathname, search } = new URL(String(input));
    const address = addressOf(hostname);
    if (address === undefined) throw new Error("no file has this vault");
    const target = { protocol: "https:", hostname: "localhost", path: `${pathname}${search}`, ...address };
    const request = { ...target, method, headers: Object.fromEntries(new Headers(headers)) };
    const text = typeof body === "string" ? body : undefined;
    const reply = await exchange(signal ? { ...request, signal } : request, text);
    const status = reply.statusCode ?? 0;
    const single = Object.entries(reply.headers).map(([name, value]): [string, string] => [name, String(value)]);
    return new Response(status === 304 ? null : Readable.toWeb(reply), { status, headers: single });
  };
}
