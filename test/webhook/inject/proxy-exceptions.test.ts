import { describe, expect, test } from "vitest";
import { proxyExceptions } from "../../../webhook/inject/proxy-exceptions.ts";

const OWN = "127.0.0.1,localhost,169.254.169.254";
const ofConfigMap = [{ configMapRef: { name: "proxy" } }];
const of = (variables: Readonly<Record<string, string>>, envFrom?: object[]) =>
  proxyExceptions({
    name: "web",
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    envFrom,
    securityContext: undefined,
  });

describe("a container's proxy exceptions cover the token endpoint", () => {
  test.each([
    ["no variable: the image, or a webhook that runs later, may set a proxy", {}, OWN, OWN],
    ["a proxy", { HTTP_PROXY: "http://proxy:3128" }, OWN, OWN],
    ["a list", { NO_PROXY: ".svc" }, `.svc,${OWN}`, `.svc,${OWN}`],
    ["a list in lower case", { no_proxy: ".svc" }, `.svc,${OWN}`, `.svc,${OWN}`],
    ["a list in each case", { NO_PROXY: "a", no_proxy: "b" }, `a,${OWN}`, `b,${OWN}`],
    ["an empty list", { NO_PROXY: "" }, OWN, OWN],
    [
      "a part of it",
      { NO_PROXY: "localhost" },
      "localhost,127.0.0.1,169.254.169.254",
      "localhost,127.0.0.1,169.254.169.254",
    ],
    ["a reference", { NO_PROXY: "$(CLUSTER)" }, `$(CLUSTER),${OWN}`, `$(CLUSTER),${OWN}`],
  ])("%s", (_given, variables, upper, lower) => {
    expect(of(variables)).toEqual({ NO_PROXY: upper, no_proxy: lower });
  });

  test("a list that excepts everything is left alone", () => {
    expect(of({ NO_PROXY: "*" })).toEqual({});
  });

  test("a list in envFrom is kept, by reference, in whichever spelling it has there", () => {
    const both = { NO_PROXY: `$(NO_PROXY),$(no_proxy),${OWN}`, no_proxy: `$(no_proxy),$(NO_PROXY),${OWN}` };
    expect(of({}, ofConfigMap)).toEqual(both);
    expect(of({ NO_PROXY: "a" }, ofConfigMap)).toEqual({ NO_PROXY: `a,${OWN}`, no_proxy: `$(no_proxy),a,${OWN}` });
  });

  test("an envFrom that another webhook added after the first call is referred to in the second", () => {
    expect(of(of({}), ofConfigMap)).toEqual(of({}, ofConfigMap));
  });

  test.each([
    [{}, undefined],
    [{}, ofConfigMap],
    [{ NO_PROXY: "", no_proxy: "b" }, undefined],
    [{ no_proxy: "b" }, ofConfigMap],
  ])("a second call for %j with envFrom %j changes nothing", (variables, envFrom) => {
    const once = of(variables, envFrom);
    expect(of({ ...variables, ...once }, envFrom)).toEqual(once);
  });
});
