import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reservedClaims } from "../../identity/claim-names.ts";
import { buildClaims, type ClaimFacts } from "../../identity/claims.ts";
import { property } from "../support/property.ts";
import { bound, tenant, userAssigned } from "./builders.ts";

const withClaims = (claims: Record<string, string>): ClaimFacts => ({
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
  issuedAt: 1_795_000_000,
  lifetimeSeconds: 600,
  jti: "token-1",
});

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

  test("carry the identity's own", () => {
    expect(buildClaims(withClaims({ team: "shop" }))).toMatchObject({ team: "shop" });
  });

  test("every claim that Lanyard writes is a reserved one", () => {
    expect(Object.keys(buildClaims(withClaims({}))).filter((name) => !reservedClaims.has(name))).toEqual([]);
  });

  test.each([...reservedClaims])("%s cannot be the identity's own, whatever is stored", (name) => {
    expect(buildClaims(withClaims({ [name]: "forged" }))[name]).not.toBe("forged");
  });
});

test.each(["Roles", "ROLE", "Scp", "Kubernetes.IO"])("%s counts as the reserved name that it spells", (name) => {
  expect(buildClaims(withClaims({ [name]: "forged" }))).not.toHaveProperty([name]);
});

const names = fc.oneof(fc.string(), fc.constantFrom(...reservedClaims, "__proto__", "constructor", "toJSON"));
property(
  "no claim of an identity changes a reserved one, nor what a claim set is",
  [fc.dictionary(names, fc.string())],
  (claims) => {
    const built = buildClaims(withClaims(claims));
    const plain = buildClaims(withClaims({}));
    return (
      [...reservedClaims].every((name) => JSON.stringify(built[name]) === JSON.stringify(plain[name])) &&
      Object.getPrototypeOf(built) === Object.prototype
    );
  },
);
