import type { Done } from "./operations/operation-context.ts";
import type { VaultError } from "./protocol/vault-error.ts";
import type { VaultReply } from "./vault-request.ts";

/** What is replied may be a secret: nobody on the way keeps it. */
const headersOf = (traceId: string) => ({
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-ms-request-id": traceId,
});

export function doneReply({ status, body, etag }: Done, traceId: string): VaultReply {
  const tag = etag === undefined ? {} : { etag };
  return { status, headers: { ...headersOf(traceId), ...tag }, body: body === undefined ? "" : JSON.stringify(body) };
}

export function errorReply({ status, code, message, innerCode, headers }: VaultError, traceId: string): VaultReply {
  const innererror = innerCode === undefined ? undefined : { code: innerCode };
  return {
    status,
    headers: { ...headersOf(traceId), ...headers },
    body: JSON.stringify({ error: { code, message, innererror } }),
  };
}
