import { expect, test } from "vitest";
import { parseWaitSettings } from "../../sidecar/wait-settings.ts";

test.each([
  ["all addresses", {}, "http://127.0.0.1:4281/readyz"],
  ["all of IPv6 too", { LANYARD_PROBE_HOST: "::" }, "http://127.0.0.1:4281/readyz"],
  ["one address", { LANYARD_PROBE_HOST: "10.244.0.7" }, "http://10.244.0.7:4281/readyz"],
  ["one address of IPv6", { LANYARD_PROBE_HOST: "fd00::7" }, "http://[fd00::7]:4281/readyz"],
])("asks where the sidecar listens: %s", (_name, environment, url) => {
  expect(parseWaitSettings({ LANYARD_PROBE_PORT: "4281", ...environment })).toEqual({
    kind: "settings",
    settings: { url, limitSeconds: 60 },
  });
});

test("reads its limit, and says all that is wrong", () => {
  expect(parseWaitSettings({ LANYARD_PROBE_PORT: "1", LANYARD_GATE_SECONDS: "5" })).toMatchObject({
    settings: { limitSeconds: 5 },
  });
  expect(parseWaitSettings({ LANYARD_GATE_SECONDS: "soon" })).toEqual({
    kind: "invalid",
    problems: ["LANYARD_PROBE_PORT is missing.", "LANYARD_GATE_SECONDS must be a whole number from 1 to 86400."],
  });
});
