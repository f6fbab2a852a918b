import { describe, expect, test } from "vitest";
import type { DevEvent } from "../../../cli/dev/events.ts";
import { devLog, reportAudit } from "../../../cli/dev/reports.ts";
import type { TokenRecord } from "../../../identity/audit-records.ts";

const record: TokenRecord = {
  ...{
    schema: "lanyard.dev/audit/v1",
    event: "token",
    time: "2026-11-22T09:05:07.000Z",
    traceId: "t",
    endpoint: "POST /oauth2/token",
    decision: "refused",
  },
  ...{ reason: "NoIdentity", sourceAddress: "127.0.0.1" },
};

function told(act: (report: (event: DevEvent) => void) => void): DevEvent[] {
  const events: DevEvent[] = [];
  act((event) => events.push(event));
  return events;
}

describe("the audit trail", () => {
  test("a token is told under the name that its pod was asked for by", () => {
    const issued: TokenRecord = { ...record, decision: "issued", serviceAccount: "orders" };
    expect(told((report) => reportAudit(issued, "shop/orders", report))).toEqual([
      { event: "token", as: "shop/orders", record: issued },
    ]);
  });

  test("a refusal that an endpoint tells itself is not told twice", () => {
    const exchange = { ...record, grantType: "token-exchange" };
    expect(told((report) => reportAudit(exchange, "shop/orders", report))).toEqual([]);
  });

  test("a refusal of another caller is told with its reason, and where", () => {
    expect(told((report) => reportAudit(record, undefined, report))).toEqual([
      { event: "refused", as: "127.0.0.1", code: "NoIdentity", sentence: "POST /oauth2/token told its caller why." },
    ]);
  });
});

test("warnings of the processes are notices with their cause, and the rest is not told", () => {
  const events = told((report) => {
    const log = devLog(report);
    log.info({}, "started");
    log.warn({ err: new Error("too late") }, "a watch failed");
    log.error({}, "stopped");
  });
  expect(events).toEqual([
    { event: "notice", message: "a watch failed: too late" },
    { event: "notice", message: "stopped" },
  ]);
});
