import { describe, expect, test } from "vitest";
import { createStatusHandler, STATUS_PATH } from "../../sidecar/status.ts";
import { HEADER } from "./endpoint.ts";

const waiting = { code: "NoIdentity", sentence: "Add ServiceAccount shop/orders to spec.subjects." };
const ask = (headers: Record<string, string>, init: RequestInit = {}, path = STATUS_PATH) =>
  createStatusHandler({ endpointHeader: HEADER, waiting: () => waiting })(
    new Request(`http://127.0.0.1:4280${path}`, { ...init, headers }),
  );

describe("why the pod waits", () => {
  test("is told to a process of the sidecar's container", async () => {
    const reply = ask({ "x-identity-header": HEADER });
    expect(reply?.status).toBe(503);
    expect(await reply?.json()).toEqual({ status: "not ready", ...waiting });
  });

  test.each([
    ["without the header", {}, {}],
    ["with another one", { "x-identity-header": "other" }, {}],
    ["with the header that needs no secret", { metadata: "true" }, {}],
    ["by another method", { "x-identity-header": HEADER }, { method: "POST" }],
    ["from a web page", { "x-identity-header": HEADER, host: "attacker.example" }, {}],
    ["through a proxy", { "x-identity-header": HEADER, via: "1.1 proxy" }, {}],
  ])("is not told %s", (_name, headers: Record<string, string>, init) => {
    expect(ask(headers, init)).toBeUndefined();
  });

  test("is nothing that another path answers", () => {
    expect(ask({ "x-identity-header": HEADER }, {}, "/msi/token")).toBeUndefined();
  });
});
