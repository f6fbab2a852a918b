import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { managedIdentities, pods } from "../../kube/kinds.ts";
import { defaultRateLimits } from "../../vault/settings.ts";
import { attacked, outcome } from "./attacked.ts";
import { OTHER_HOST, VAULT_AUDIENCE, type VaultWorld, vaultWorld } from "./vault-world.ts";

describe("tokens", () => {
  const tokens: { what: string; make: (it: VaultWorld & { admin: string }) => Promise<string> }[] = [
    { what: "for another audience", make: (it) => it.tokenOf("payments/admin", "https://queue.payments.svc") },
    { what: "for another vault", make: (it) => it.tokenOf("payments/admin", `https://${OTHER_HOST}`) },
    { what: "whose signature is changed", make: async (it) => `${it.admin.slice(0, -6)}AAAAAA` },
    { what: "without a signature", make: async (it) => `${it.admin.split(".").slice(0, 2).join(".")}.` },
    { what: "that is no token", make: async () => "hunter2" },
    {
      what: "of a pod that is gone",
      make: async (it) => {
        await it.world.delete(pods, "payments/admin-1");
        return it.admin;
      },
    },
    {
      what: "of an identity that is disabled",
      make: async (it) => {
        const spec = { subjects: [{ serviceAccount: "admin" }], disabled: true };
        await it.world.update(managedIdentities, "payments/admin", spec);
        return it.admin;
      },
    },
    {
      what: "that has expired",
      make: async (it) => {
        await it.world.clock.advance(25 * 3_600_000);
        return it.admin;
      },
    },
  ];

  test.each(tokens)("one $what is refused", async ({ make }) => {
    const it = await attacked();
    const token = await make(it);
    const reply = await it.ask("GET /secrets/db-password", { token });
    expect(outcome(reply)).toBe("401 Unauthorized");
    expect(reply.headers["www-authenticate"]).toContain(VAULT_AUDIENCE);
  });

  test("a resource that claims an audience of an older one takes no tokens for it", async () => {
    const it = await attacked();
    await it.world.clock.advance(1_000);
    await it.world.resource("payments/thief", VAULT_AUDIENCE, { vault: {}, assignmentRequired: false });
    const reply = await it.ask("GET /secrets", { token: it.admin, host: "thief.payments.svc" });
    expect(outcome(reply)).toBe("401 Unauthorized");
  });

  test("the pod's own ServiceAccount token is no access token", async () => {
    const it = await attacked();
    const account = await it.world.serviceAccount("payments/other");
    const pod = await it.world.pod("payments/other-1", { serviceAccount: "other" });
    const token = await it.tokens.mintPodToken(pod, account);
    expect(outcome(await it.ask("GET /secrets/db-password", { token }))).toBe("401 Unauthorized");
  });

  const forged: { what: string; make: (it: VaultWorld & { admin: string }) => Promise<string> }[] = [
    { what: "signed by a key of its own", make: (it) => forge(it, {}) },
    {
      what: "signed by a key of its own under the issuer's key id",
      make: (it) => forge(it, { kid: it.signingKeys.RS256.kid }),
    },
    {
      what: "of another issuer",
      make: (it) => resign(it, { claims: { iss: "https://issuer.example" } }),
    },
    { what: "of another type, as a status list is", make: (it) => resign(it, { typ: "statuslist+jwt" }) },
    { what: "without an end", make: (it) => resign(it, { claims: { exp: undefined } }) },
    { what: "for a list of audiences", make: (it) => resign(it, { claims: { aud: [VAULT_AUDIENCE, "https://x"] } }) },
    {
      what: "signed with the public key as a secret",
      make: async (it) => {
        const secret = new TextEncoder().encode(JSON.stringify(it.signingKeys.RS256.publicJwk));
        const header = { alg: "HS256", typ: "at+jwt", kid: it.signingKeys.RS256.kid };
        return new SignJWT(decodeJwt(it.admin)).setProtectedHeader(header).sign(secret);
      },
    },
  ];

  test.each(forged)("one $what is refused, and the issuer is not asked about it", async ({ make }) => {
    const it = await attacked();
    const token = await make(it);
    const before = it.observed.length;
    expect(outcome(await it.ask("GET /secrets/db-password", { token }))).toBe("401 Unauthorized");
    expect(it.observed.slice(before).filter(({ endpoint }) => endpoint !== "GET /keys")).toEqual([]);
  });

  test("the same token with nothing changed is taken, so that the forged ones are refused for what they are", async () => {
    const it = await attacked();
    expect(outcome(await it.ask("GET /secrets/db-password", { token: await resign(it, {}) }))).toBe("200 answered");
  });

  test("thousands of tokens that are none leave everything to others: the issuer is asked for its keys alone, and rarely", async () => {
    const rate = { perSecond: 100_000, burst: 100_000 };
    const it = await vaultWorld({ settings: { rateLimits: { ...defaultRateLimits, perAddress: rate } } });
    const admin = await it.tokenOf("payments/admin");
    expect((await it.ask("GET /secrets", { token: admin })).status).toBe(200);
    const before = it.observed.length;
    const forgery = await forge({ ...it, admin }, {});
    for (let count = 0; count < 300; count++) {
      const kid = Buffer.from(JSON.stringify({ alg: "RS256", typ: "at+jwt", kid: `k${count}` })).toString("base64url");
      const token = count % 3 === 0 ? "hunter2" : `${kid}.${forgery.split(".").slice(1).join(".")}`;
      expect((await it.ask("GET /secrets", { token })).status).toBe(401);
    }
    expect(it.observed.slice(before).map(({ endpoint }) => endpoint)).toEqual([]);
    await it.world.clock.advance(5_000);
    expect((await it.ask("GET /secrets", { token: forgery })).status).toBe(401);
    expect(it.observed.slice(before).map(({ endpoint }) => endpoint)).toEqual(["GET /keys"]);
    expect((await it.ask("GET /secrets", { token: admin })).status).toBe(200);
  });

  test("an address that sends tokens which are none is held up before one is verified", async () => {
    let verified = 0;
    const verify = async () => {
      verified += 1;
      return { kind: "invalid" } as const;
    };
    const it = await vaultWorld({
      settings: { rateLimits: { ...defaultRateLimits, perAddress: { perSecond: 1, burst: 2 } } },
      authority: { verify, decide: async () => ({ kind: "allowed" }) },
    });
    for (const status of [401, 401, 429]) {
      expect((await it.ask("GET /secrets/key", { token: "any" })).status).toBe(status);
    }
    expect(verified).toBe(2);
  });
});

interface Changes {
  readonly kid?: string;
  readonly typ?: string;
  readonly claims?: object;
}

/** The admin's claims, signed by somebody who has no key of the issuer. */
async function forge({ admin }: { readonly admin: string }, { kid = "forged" }: Changes): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  return new SignJWT(decodeJwt(admin)).setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid }).sign(privateKey);
}

/** The admin's claims with changes, signed by the issuer's own key. */
async function resign(it: VaultWorld & { readonly admin: string }, { typ = "at+jwt", claims = {} }: Changes) {
  const { kid, privateKey } = it.signingKeys.RS256;
  return new SignJWT({ ...decodeJwt(it.admin), ...claims })
    .setProtectedHeader({ alg: "RS256", typ, kid })
    .sign(privateKey);
}
