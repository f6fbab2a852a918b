import { describe, expect, test } from "vitest";
import { parseSettings } from "../../sidecar/settings.ts";

const known = ["azure-imds", "plain"];
const least = { LANYARD_ISSUER_URL: "https://issuer.lanyard-system.svc", LANYARD_ENDPOINT_HEADER: "secret" };

describe("parseSettings", () => {
  test("needs the issuer's URL and the endpoint header; the rest has defaults", () => {
    expect(parseSettings(least, known)).toEqual({
      kind: "settings",
      settings: {
        issuerUrl: "https://issuer.lanyard-system.svc",
        issuerCaFile: undefined,
        subjectTokenFile: "/var/run/secrets/lanyard.dev/token",
        endpointHeader: "secret",
        port: 4280,
        probePort: undefined,
        probeHost: undefined,
        dialects: known,
        tenantId: undefined,
        audiences: [],
        secretFiles: undefined,
        limits: {
          cachedTokens: 256,
          simultaneousIssuerCalls: 16,
          issuerCallsPerSecond: 50,
          bypassesPerSecond: 5,
          idleSeconds: 1800,
          confirmSeconds: 4,
        },
      },
    });
  });

  test("reads every variable", () => {
    const given = {
      ...least,
      LANYARD_ISSUER_CA_FILE: "/ca.crt",
      LANYARD_SUBJECT_TOKEN_FILE: "/token",
      LANYARD_PORT: "0",
      LANYARD_PROBE_PORT: "4281",
      LANYARD_PROBE_HOST: "::1",
      LANYARD_DIALECTS: "plain",
      LANYARD_TENANT_ID: "91aa",
      LANYARD_AUDIENCES: "https://a, https://b/",
      LANYARD_CACHED_TOKENS: "1",
      LANYARD_SIMULTANEOUS_ISSUER_CALLS: "2",
      LANYARD_ISSUER_CALLS_PER_SECOND: "6",
      LANYARD_BYPASSES_PER_SECOND: "3",
      LANYARD_IDLE_SECONDS: "4",
      LANYARD_CONFIRM_SECONDS: "7",
    };
    expect(parseSettings(given, known)).toMatchObject({
      settings: {
        issuerCaFile: "/ca.crt",
        probeHost: "::1",
        subjectTokenFile: "/token",
        port: 0,
        probePort: 4281,
        dialects: ["plain"],
        tenantId: "91aa",
        audiences: ["https://a", "https://b/"],
        limits: {
          cachedTokens: 1,
          simultaneousIssuerCalls: 2,
          issuerCallsPerSecond: 6,
          bypassesPerSecond: 3,
          idleSeconds: 4,
          confirmSeconds: 7,
        },
      },
    });
  });

  test.each([
    ["no issuer", { LANYARD_ISSUER_URL: undefined }, ["LANYARD_ISSUER_URL is missing."]],
    [
      "an issuer that is no URL",
      { LANYARD_ISSUER_URL: "issuer" },
      [expect.stringContaining("LANYARD_ISSUER_URL must be")],
    ],
    ["an empty header", { LANYARD_ENDPOINT_HEADER: " " }, ["LANYARD_ENDPOINT_HEADER is missing."]],
    ["a port beyond all", { LANYARD_PORT: "65536" }, ["LANYARD_PORT must be a whole number from 0 to 65535."]],
    ["a port in words", { LANYARD_PORT: "http" }, ["LANYARD_PORT must be a whole number from 0 to 65535."]],
    ["no room for a token", { LANYARD_CACHED_TOKENS: "0" }, [expect.stringContaining("LANYARD_CACHED_TOKENS must be")]],
    [
      "an unknown dialect",
      { LANYARD_DIALECTS: "plain,asure" },
      ["LANYARD_DIALECTS: asure unknown; known are azure-imds, plain."],
    ],
    ["two problems", { LANYARD_PORT: "-1", LANYARD_ISSUER_URL: "" }, [expect.anything(), expect.anything()]],
  ])("%s is said", (_name, given, problems) => {
    expect(parseSettings({ ...least, ...given }, known)).toEqual({ kind: "invalid", problems });
  });
});
