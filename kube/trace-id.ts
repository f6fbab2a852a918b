import { randomUUID } from "node:crypto";

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = "0".repeat(32);
const INVALID_VERSION = "ff";

/** The trace id of a `traceparent` header; undefined when there is none to go on with. https://www.w3.org/TR/trace-context/#traceparent-header */
export function traceIdFrom(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== "string" || header.startsWith(INVALID_VERSION)) return undefined;
  const traceId = traceparent.exec(header)?.[1];
  return traceId === NO_TRACE ? undefined : traceId;
}

/** From a UUID, because Node draws the randomness of many at a time, and each request needs a trace id for its audit record. */
export function randomTraceId(): string {
  return randomUUID().replaceAll("-", "");
}
