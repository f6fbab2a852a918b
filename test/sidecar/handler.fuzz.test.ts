import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allDialects, createHandler } from "../../sidecar/handler.ts";
import { CASES } from "../support/property.ts";
import { HEADER, readReply } from "./endpoint.ts";
import { FakeIssuer, granted, refusing, throttling, unavailable } from "./fake-issuer.ts";

const paths: Record<string, readonly string[]> = {
  "azure-imds": ["/metadata/identity/oauth2/token", "//metadata/identity/oauth2/token/", "/metadata/identity/info"],
  "azure-app-service": ["/msi/token", "/msi/token/"],
  plain: ["/token"],
};
const names = [
  "resource",
  "audience",
  "api-version",
  "client_id",
  "object_id",
  "mi_res_id",
  "principal_id",
  "bypass_cache",
  "x",
];
const values = [
  "2018-02-01",
  "2019-08-01",
  "https://vault.azure.net",
  "https%3A%2F%2Fv",
  "",
  "true",
  "%",
  "%ff",
  "%00",
  "\u{1f511}",
  "__proto__",
];

const pair = fc
  .tuple(fc.oneof(fc.constantFrom(...names), fc.string()), fc.oneof(fc.constantFrom(...values), fc.string()))
  .map(([name, value]) => `${name}=${value}`);
const query = fc.oneof(
  fc.array(pair, { maxLength: 6 }).map((pairs) => `?${pairs.join("&")}`),
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => `?${text}`),
  fc.constant(""),
);
const headers = fc.record(
  {
    metadata: fc.constantFrom("true", "True", "false", ""),
    "x-identity-header": fc.constantFrom(HEADER, "wrong", ""),
    "x-forwarded-for": fc.constant("10.0.0.1"),
  },
  { requiredKeys: [] },
);
const method = fc.constantFrom("GET", "GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND");
const issuerReply = fc.constantFrom(granted(1), granted(2, 10), refusing(), unavailable, throttling(3));

describe("no request makes the handler fail or answer with anything but JSON", () => {
  test.each(allDialects.map(({ name }) => name))(
    "%s",
    async (dialect) => {
      const path = fc.oneof(fc.constantFrom(...(paths[dialect] ?? [])), fc.webPath());
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(method, path, query, headers),
          issuerReply,
          async ([verb, target, search, sent], answer) => {
            const handler = createHandler({ endpointHeader: HEADER, issuer: new FakeIssuer().answers(answer) });
            const reply = await readReply(
              await handler.handle(new Request(`http://127.0.0.1${target}${search}`, { method: verb, headers: sent })),
            );
            handler.stop();
            expect(reply.status).not.toBe(500);
            expect(reply.status >= 200 && reply.status < 300).toBe(
              "access_token" in reply.body || "tenantId" in reply.body,
            );
            expect(reply.headers.get("content-type")).toBe("application/json");
          },
        ),
        { numRuns: CASES },
      );
    },
    120_000,
  );
});
