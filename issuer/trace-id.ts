import { randomBytes } from "node:crypto";

const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;
const NO_TRACE = "0".repeat(32);
const INVALID_VERSION = "ff";

/** The trace id of a `traceparent` header; undefined when there is none to go on with. https://www.w3.org/TR/trace-context/#traceparent-header */
export function traceIdFrom(header: string | undefined): string | undefined {
  const traceId = header?.startsWith(INVALID_VERSION) ? undefined : traceparent.exec(header ?? "")?.[1];
  return traceId === NO_TRACE ? undefined : traceId;
}

export function randomTraceId(): string {
  return randomBytes(16).toString("hex");
}
