import { describe, expect, test } from "vitest";
import {
  authenticationConfiguration,
  type Trust,
} from "../../../cli/authentication-configuration/authentication-configuration.ts";
import { principalId } from "../../../identity/ids.ts";
import { bindingFor } from "../../../operator/kubernetes-role/binding.ts";
import { roleAssignment } from "../../identity/builders.ts";

const trust: Trust = {
  apiVersion: "v1",
  issuerUrl: "https://lanyard-issuer.lanyard-system.svc",
  audience: "https://kubernetes.default.svc",
};
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const key = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";

test("the file trusts one issuer for one audience", () => {
  expect(authenticationConfiguration({ ...trust, certificateAuthority: certificate })).toMatchObject({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: {
          url: trust.issuerUrl,
          audiences: [trust.audience],
          certificateAuthority: `${certificate}\n`,
        },
      },
    ],
  });
});

test("a token's user is the one that the operator binds", () => {
  const principal = principalId("6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f");
  const assignment = roleAssignment(principal);
  const [user] = bindingFor({ assignment, principal, clusterRole: "view", namespace: "shop" }).subjects;
  const username = { claim: "sub", prefix: user.name.slice(0, -principal.length) };
  expect(user.name.endsWith(principal)).toBe(true);
  expect(authenticationConfiguration(trust)).toMatchObject({ jwt: [{ claimMappings: { username } }] });
});

describe("the authority", () => {
  test("is left to the API server's system when none is given", () => {
    expect(JSON.stringify(authenticationConfiguration(trust))).not.toContain("certificateAuthority");
  });

  test("is every certificate of the file, and never a key", () => {
    const text = JSON.stringify(
      authenticationConfiguration({ ...trust, certificateAuthority: `${key}\n${certificate}\n# old\n${certificate}` }),
    );
    expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(text).not.toContain("PRIVATE KEY");
  });

  test.each(["", key, "not PEM"])("must be one: %j", (certificateAuthority) => {
    expect(() => authenticationConfiguration({ ...trust, certificateAuthority })).toThrow("holds no certificate");
  });
});

test.each(["http://issuer", "issuer", "", "https://issuer/?a=b", "https://issuer/#a", "https://me@issuer", "ftp://a"])(
  "%j is no issuer for an API server",
  (issuerUrl) => expect(() => authenticationConfiguration({ ...trust, issuerUrl })).toThrow("expected https://HOST"),
);
