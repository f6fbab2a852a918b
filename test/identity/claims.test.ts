import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAcceptableClaim } from "../../identity/accepted-claims.ts";
import { reservedClaims } from "../../identity/claim-names.ts";
import { buildClaims, type ClaimFacts } from "../../identity/claims.ts";
import { property } from "../support/property.ts";
import { bound, tenant, userAssigned } from "./builders.ts";

const withClaims = (claims: Record<string, string>, acceptedClaims: readonly string[] = []): ClaimFacts => ({
  issuer: "https://issuer.lanyard.svc",
  tenantId: tenant,
  bound: bound(userAssigned({ uid: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f" }, { token: { lifetime: "1h", claims } })),
  pod: {
    namespace: "shop",
    pod: { name: "orders-1", uid: "pod-uid" },
    serviceAccount: { name: "orders", uid: "sa-uid" },
  },
  audience: "https://vault.payments.svc",
  roles: ["reader"],
  acceptedClaims,
  issuedAt: 1_795_000_000,
  lifetimeSeconds: 600,
  jti: "token-1",
});

/** What verifiers in common use take for rights or for the caller. */
const forgeries = [
  ...reservedClaims,
  ...["http://schemas.microsoft.com/ws/2008/06/identity/claims/role", "Roles", "ROLE", "Scp", "Kubernetes.IO"],
  ...["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", "policy", "__proto__", "custom"],
];

describe("the claims of a token", () => {
  test("are those of a managed identity, and the pod that asked", () => {
    const facts = withClaims({});
    expect(buildClaims(facts)).toEqual({
      iss: "https://issuer.lanyard.svc",
      aud: "https://vault.payments.svc",
      sub: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f",
      oid: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f",
      tid: tenant,
      appid: facts.bound.clientId,
      azp: facts.bound.clientId,
      client_id: facts.bound.clientId,
      idtyp: "app",
      ver: "2.0",
      iat: 1_795_000_000,
      nbf: 1_795_000_000 - 300,
      exp: 1_795_000_600,
      jti: "token-1",
      roles: ["reader"],
      xms_mirid: "/namespaces/shop/managedIdentities/orders",
      "kubernetes.io": {
        namespace: "shop",
        pod: { name: "orders-1", uid: "pod-uid" },
        serviceaccount: { name: "orders", uid: "sa-uid" },
      },
    });
  });

  test("name the node where it is known", () => {
    const facts = withClaims({});
    const claims = buildClaims({ ...facts, pod: { ...facts.pod, node: "node-1" } });
    expect(claims["kubernetes.io"]).toMatchObject({ node: { name: "node-1" } });
  });

  test("every claim that Lanyard writes is one that no identity may claim, and no target may lift", () => {
    const names = Object.keys(buildClaims(withClaims({ team: "shop" })));
    expect(names.filter((name) => name !== "custom" && !reservedClaims.has(name))).toEqual([]);
    expect(names.filter(isAcceptableClaim)).toEqual([]);
  });

  test("RFC 9068 §2.2: every required claim is there", () => {
    const required = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"];
    expect(Object.keys(buildClaims(withClaims({})))).toEqual(expect.arrayContaining(required));
  });
});

describe("the identity's own claims", () => {
  const team = { team: "shop", cost_center: "4711" };

  test("stand last, in one member", () => {
    const built = buildClaims(withClaims(team));
    expect(Object.keys(built).at(-1)).toBe("custom");
    expect(built.custom).toEqual(team);
  });

  test("that the target accepts stand at the top level, behind Lanyard's, and not in custom", () => {
    const built = buildClaims(withClaims(team, ["team", "region"]));
    expect(Object.keys(built).slice(-3)).toEqual(["kubernetes.io", "team", "custom"]);
    expect(built).toMatchObject({ team: "shop", custom: { cost_center: "4711" } });
  });

  test("leave out custom when the target accepts all of them, or there are none", () => {
    expect(buildClaims(withClaims(team, ["team", "cost_center"]))).not.toHaveProperty("custom");
    expect(buildClaims(withClaims({}, ["team"]))).not.toHaveProperty("custom");
  });

  test.each([...forgeries])("%s cannot be forged at the top level, whatever is stored", (name) => {
    const built = buildClaims(withClaims({ [name]: "forged" }, [name]));
    expect(built[name]).not.toBe("forged");
    expect(Object.keys(built).at(-1)).toBe("custom");
  });
});

const names = fc.oneof(fc.string(), fc.constantFrom(...forgeries, "team", "constructor", "toJSON", "7"));
property(
  "no claim of an identity changes another, nor comes before it, whatever a target accepts",
  [fc.dictionary(names, fc.string()), fc.array(names)],
  (claims, accepted) => {
    const built = Object.entries(JSON.parse(JSON.stringify(buildClaims(withClaims(claims, accepted)))));
    const plain = Object.entries(JSON.parse(JSON.stringify(buildClaims(withClaims({})))));
    return JSON.stringify(built.slice(0, plain.length)) === JSON.stringify(plain);
  },
);
