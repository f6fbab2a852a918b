import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { injectedEnvironment } from "../../webhook/environment.ts";
import { property } from "../support/property.ts";

const endpoint = { port: 4180, header: "a-secret-word" };
const all = {
  IDENTITY_ENDPOINT: "http://127.0.0.1:4180/msi/token",
  IDENTITY_HEADER: "a-secret-word",
  AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:4180",
};
const { AZURE_POD_IDENTITY_AUTHORITY_HOST, ...appService } = all;

describe("the environment of an injected container", () => {
  test.each([
    { given: "nothing", authored: {}, then: all },
    { given: "unrelated variables", authored: { LOG_LEVEL: "debug" }, then: all },
    {
      given: "an own identity endpoint, which is left alone with its header",
      authored: { IDENTITY_ENDPOINT: "http://10.0.0.1/token" },
      then: { AZURE_POD_IDENTITY_AUTHORITY_HOST },
    },
    {
      given: "an own authority host",
      authored: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://169.254.169.254" },
      then: appService,
    },
    {
      given: "a proxy",
      authored: { HTTP_PROXY: "http://proxy:3128" },
      then: {
        ...all,
        NO_PROXY: "127.0.0.1,localhost,169.254.169.254",
        no_proxy: "127.0.0.1,localhost,169.254.169.254",
      },
    },
    {
      given: "a proxy and an own list of exceptions, which is extended as it is written",
      authored: { https_proxy: "http://proxy:3128", no_proxy: "internal.example, localhost" },
      then: {
        ...all,
        NO_PROXY: "internal.example, localhost,127.0.0.1,169.254.169.254",
        no_proxy: "internal.example, localhost,127.0.0.1,169.254.169.254",
      },
    },
    {
      given: "a proxy and a list of its own in each spelling",
      authored: { HTTPS_PROXY: "http://proxy:3128", NO_PROXY: "a.example", no_proxy: "b.example" },
      then: {
        ...all,
        NO_PROXY: "a.example,127.0.0.1,localhost,169.254.169.254",
        no_proxy: "b.example,127.0.0.1,localhost,169.254.169.254",
      },
    },
    {
      given: "a proxy with everything excepted",
      authored: { HTTP_PROXY: "http://proxy:3128", NO_PROXY: "*" },
      then: all,
    },
    {
      given: "an endpoint that serves those with the header alone",
      serves: ["azure-app-service"],
      authored: {},
      then: appService,
    },
  ])("given $given", ({ serves, authored, then }) => {
    const of = serves === undefined ? endpoint : { ...endpoint, dialects: serves };
    expect(injectedEnvironment(of, authored)).toEqual(then);
  });

  const names = fc.constantFrom("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "HTTP_PROXY", "NO_PROXY", "PATH");
  property(
    "is never empty, never over an author's value, and never a workload-identity variable",
    [fc.dictionary(names, fc.string())],
    (authored) => {
      for (const [name, value] of Object.entries(injectedEnvironment(endpoint, authored))) {
        expect(value).not.toBe("");
        expect(["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"]).not.toContain(name);
        if (name.toUpperCase() !== "NO_PROXY") expect(authored[name] ?? "").toBe("");
      }
    },
  );
});
