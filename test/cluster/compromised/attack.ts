import { request as httpsRequest } from "node:https";

export const SYSTEM = "lanyard-system";
export const VAULTS = "lanyard-vault";
export const SHOP = "compromised-shop";

export type Process = "operator" | "webhook" | "issuer" | "vault";

/** A request as a program sends it that has the process's token, and nothing else of the process. */
export interface Attack {
  readonly process: Process;
  readonly does: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** `allowed`, or a part of what the API server says to it. */
  readonly answer: string;
}

export const ALLOWED = "allowed";

type Sending = Pick<Attack, "method" | "path" | "body" | "headers">;

/** What RBAC says, before any policy is asked. */
export const cannot = (verb: string, resource: string): string => `cannot ${verb} resource "${resource}"`;

/** An owner that is not there: garbage collection deletes what it owns. */
export const GHOST = {
  apiVersion: "v1",
  kind: "ConfigMap",
  name: "ghost",
  uid: "99999999-8888-7777-6666-555555555555",
};

export const create = (path: string, body: object): Sending => ({ method: "POST", path, body });
export const patch = (path: string, body: object): Sending => ({ method: "PATCH", path, body });
export const remove = (path: string): Sending => ({ method: "DELETE", path });
export const read = (path: string): Sending => ({ method: "GET", path });

/** What a process tries, by its title: what it sends, and what it is told. */
export const attacksOf = (process: Process, rows: Readonly<Record<string, readonly [Sending, string]>>): Attack[] =>
  Object.entries(rows).map(([does, [sending, answer]]) => ({ process, does, ...sending, answer }));

export const core = (namespace: string, kind: string, name = ""): string =>
  at(`/api/v1/namespaces/${namespace}`, kind, name);
export const group = (prefix: string, kind: string, name = ""): string => at(`/apis/${prefix}`, kind, name);
const at = (prefix: string, kind: string, name: string): string => [prefix, kind, name].filter(Boolean).join("/");

/** Sends it, for nothing to be kept. Resolves with `allowed`, or with what the API server said. */
export async function send(
  server: string,
  token: string,
  { method, path, body, headers = {} }: Sending,
): Promise<string> {
  const url = new URL(path, server);
  if (method !== "GET") url.searchParams.set("dryRun", "All");
  const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const [status, text] = await exchange(url, method, body, {
    ...{ authorization: `Bearer ${token}`, "content-type": contentType },
    ...headers,
  });
  return status < 300 ? ALLOWED : `${status} ${messageOf(text)}`;
}

function exchange(
  url: URL,
  method: string,
  body: object | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<readonly [number, string]> {
  return new Promise((resolve, reject) => {
    const sent = httpsRequest(url, { method, headers, rejectUnauthorized: false, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve([response.statusCode ?? 0, Buffer.concat(parts).toString()]));
    });
    sent.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function messageOf(text: string): string {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}
