import { expect, test } from "vitest";
import { createRefusalLog } from "../../sidecar/refusal-log.ts";
import { refusals } from "../../sidecar/refusals.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("a flood of refusals is one line a second, and the next line says how many were left out", async () => {
  const clock = new FakeClock();
  const lines: object[] = [];
  const log = createRefusalLog({ clock, write: (fields) => lines.push(fields) });
  for (let request = 0; request < 10; request++) {
    log({ dialect: "plain", refusal: refusals.ResourceMissing("audience"), traceId: "t" });
  }
  await clock.advance(1000);
  log({ dialect: "plain", refusal: refusals.NotFound(), traceId: "u" });
  expect(lines).toMatchObject([
    { code: "ResourceMissing", status: 400, traceId: "t", leftOut: 0 },
    { code: "NotFound", status: 404, traceId: "u", leftOut: 9 },
  ]);
});
