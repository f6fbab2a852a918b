import { expect, test } from "vitest";
import { parseWaitSettings } from "../../sidecar/wait-settings.ts";

test.each([
  [{}, { port: 4280, limitSeconds: 2 }],
  [
    { LANYARD_PORT: "9000", LANYARD_GATE_SECONDS: "5" },
    { port: 9000, limitSeconds: 5 },
  ],
])("asks where the sidecar listens, as its own environment says: %j", (environment, settings) => {
  expect(parseWaitSettings({ LANYARD_ENDPOINT_HEADER: "a", ...environment })).toEqual({
    kind: "settings",
    settings: { endpointHeader: "a", ...settings },
  });
});

test("says all that is wrong", () => {
  expect(parseWaitSettings({ LANYARD_GATE_SECONDS: "soon" })).toEqual({
    kind: "invalid",
    problems: ["LANYARD_ENDPOINT_HEADER is missing.", "LANYARD_GATE_SECONDS must be a whole number from 1 to 86400."],
  });
});
