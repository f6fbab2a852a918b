import { describe, expect, test } from "vitest";
import { Readiness } from "../../sidecar/readiness.ts";

const noIdentity = { code: "NoIdentity", sentence: "Identity not found." };
const away = { code: "IssuerUnavailable", sentence: "The issuer cannot be reached: connection refused." };

function logged() {
  const lines: object[] = [];
  return { lines, readiness: new Readiness((fields) => lines.push(fields)) };
}

describe("Readiness", () => {
  test("begins by waiting", () => {
    expect(logged().readiness.waiting).toMatchObject({ code: "Starting" });
  });

  test("writes a reason when it changes, not each time that it is given", () => {
    const { lines, readiness } = logged();
    for (const waiting of [away, away, noIdentity, noIdentity, away]) readiness.waitFor({ ...waiting });
    expect(lines).toEqual([away, noIdentity, away].map((waiting) => ({ message: "not ready", ...waiting })));
  });

  test("ends with a reason, so that the end of the log says why, or with nothing to say", () => {
    const { lines, readiness } = logged();
    readiness.waitFor(noIdentity);
    readiness.report();
    readiness.markReady();
    readiness.report();
    expect(lines.slice(1)).toEqual([{ message: "not ready", ...noIdentity }, { message: "ready" }]);
    expect(readiness.waiting).toBeUndefined();
  });
});
