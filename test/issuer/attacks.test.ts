import { createHmac, generateKeyPairSync } from "node:crypto";
import { exportJWK, exportSPKI, importJWK, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { pods, serviceAccounts } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, tokenExchangeForm } from "../support/shop.ts";

const now = (it: Shop): number => Math.floor(it.world.clock.now() / 1000);
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const mint = (it: Shop, changes: object) => it.tokens.mintPodToken(it.pod, it.account, changes);
const bound = (it: Shop) => ({
  namespace: "shop",
  pod: { name: "orders-1", uid: it.pod.metadata.uid },
  serviceaccount: { name: "orders", uid: it.account.metadata.uid },
});

async function outcome(reply: Response) {
  return { status: reply.status, ...(await jsonBody(reply)) };
}

describe("a subject token that proves nothing gets no token", () => {
  const attacks: { attack: string; token: (it: Shop) => Promise<string>; code: string }[] = [
    {
      attack: "alg none",
      token: async (it) =>
        `${base64url({ alg: "none", kid: it.tokens.kid })}.${base64url(it.tokens.claims(it.pod, it.account))}.`,
      code: "SubjectTokenInvalid",
    },
    { attack: "HS256 with the public key as the secret", token: hs256, code: "SubjectTokenInvalid" },
    {
      attack: "a kid that no key has",
      token: (it) => mint(it, { header: { kid: "another" } }),
      code: "SubjectTokenInvalid",
    },
    { attack: "no kid", token: (it) => mint(it, { header: { kid: undefined } }), code: "SubjectTokenInvalid" },
    {
      attack: "the kid of a good key over another key's signature",
      token: (it) => ownKey(it, {}),
      code: "SubjectTokenInvalid",
    },
    {
      attack: "a key that the token brings along (jwk)",
      token: (it) => ownKey(it, { embed: true }),
      code: "SubjectTokenInvalid",
    },
    {
      attack: "addresses of keys that the token brings along (jku, x5u)",
      token: (it) => ownKey(it, { header: { jku: `${it.url}/keys`, x5u: `${it.url}/keys` } }),
      code: "SubjectTokenInvalid",
    },
    { attack: "one of our own access tokens", token: (it) => it.accessToken(), code: "SubjectTokenInvalid" },
    { attack: "a payload changed after signing", token: tampered, code: "SubjectTokenInvalid" },
    { attack: "expired", token: (it) => mint(it, { claims: { exp: now(it) - 6 } }), code: "SubjectTokenExpired" },
    { attack: "no expiry", token: (it) => mint(it, { claims: { exp: undefined } }), code: "SubjectTokenInvalid" },
    {
      attack: "not valid yet",
      token: (it) => mint(it, { claims: { nbf: now(it) + 301 } }),
      code: "SubjectTokenInvalid",
    },
    {
      attack: "for the API server, not for us",
      token: (it) => mint(it, { claims: { aud: ["https://kubernetes.default.svc"] } }),
      code: "SubjectTokenAudience",
    },
    {
      attack: "for us and somebody else",
      token: (it) => mint(it, { claims: { aud: ["lanyard.dev/issuer", "https://evil.svc"] } }),
      code: "SubjectTokenAudience",
    },
    {
      attack: "of another cluster",
      token: (it) => mint(it, { claims: { iss: "https://other.example" } }),
      code: "SubjectTokenIssuer",
    },
    {
      attack: "bound to no pod",
      token: (it) => mint(it, { boundTo: { pod: undefined } }),
      code: "SubjectTokenUnbound",
    },
    {
      attack: "without the claim that binds it",
      token: (it) => mint(it, { claims: { "kubernetes.io": undefined } }),
      code: "SubjectTokenUnbound",
    },
    {
      attack: "a subject that is not the account it is bound to",
      token: (it) => mint(it, { claims: { sub: "system:serviceaccount:shop:admin" } }),
      code: "SubjectTokenInvalid",
    },
    { attack: "not a JWT at all", token: async () => "hello", code: "SubjectTokenInvalid" },
  ];

  test.each(attacks)("$attack", async ({ token, code }) => {
    const it = await shop();
    const refused = await outcome(await it.exchange({ subject_token: await token(it) }));
    expect(refused).toMatchObject({ status: 401, error: "invalid_client", error_code: code });
    expect(refused.error_description).not.toBe("");
    expect(refused.trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  test("and just inside the tolerance (five seconds for the end, five minutes for the beginning) it does", async () => {
    const it = await shop();
    const token = await mint(it, { claims: { exp: now(it) - 4, nbf: now(it) + 299 } });
    expect((await it.exchange({ subject_token: token })).status).toBe(200);
  });
});

describe("a good token of a pod that is not there as it was gets no token, although it was taken a moment ago", () => {
  const changes: { change: string; make: (it: Shop) => Promise<unknown>; code: string }[] = [
    { change: "the pod was deleted", make: (it) => it.world.delete(pods, "shop/orders-1"), code: "PodNotFound" },
    { change: "an earlier pod of the same name", make: replacePod, code: "PodReplaced" },
    { change: "the pod finished", make: (it) => setPhase(it, "Succeeded"), code: "PodTerminated" },
    { change: "the pod failed", make: (it) => setPhase(it, "Failed"), code: "PodTerminated" },
    {
      change: "the ServiceAccount was deleted",
      make: (it) => it.world.delete(serviceAccounts, "shop/orders"),
      code: "ServiceAccountReplaced",
    },
    { change: "the ServiceAccount was made again", make: replaceAccount, code: "ServiceAccountReplaced" },
  ];

  test.each(changes)("$change", async ({ make, code }) => {
    const it = await shop();
    expect((await it.exchange()).status).toBe(200);
    await make(it);
    expect(await outcome(await it.exchange())).toMatchObject({
      status: 401,
      error: "invalid_client",
      error_code: code,
    });
  });

  test("the token names another node than the pod's", async () => {
    const it = await shop();
    const token = await mint(it, { boundTo: { ...bound(it), node: { name: "node-2", uid: "a" } } });
    expect(await outcome(await it.exchange({ subject_token: token }))).toMatchObject({ error_code: "NodeMismatch" });
  });

  test("the token names another ServiceAccount than the pod's", async () => {
    const it = await shop();
    const admin = await it.world.serviceAccount("shop/admin");
    const token = await it.tokens.mintPodToken(it.pod, admin);
    expect(await outcome(await it.exchange({ subject_token: token }))).toMatchObject({
      error_code: "ServiceAccountReplaced",
    });
  });
});

test("neither the audit trail nor the log of any of this holds a token", async () => {
  const it = await shop();
  const access = await it.accessToken();
  await it.exchange({ subject_token: await tampered(it) });
  await it.exchange({ audience: it.subjectToken.slice(0, 500), client_id: it.subjectToken.slice(0, 500) });
  await it.post(`/${it.subjectToken}/oauth2/v2.0/token`, tokenExchangeForm(it.subjectToken));
  await it.post("/introspect", { token: access }, { authorization: `Bearer ${it.subjectToken}` });
  await it.post("/introspect", { token: access }, { authorization: `Bearer ${access}x` });
  await it.world.delete(pods, "shop/orders-1");
  await it.exchange();
  expect(it.audit.length).toBeGreaterThan(3);
  const written = JSON.stringify(it.audit) + it.logged.join("\n");
  expect(written).not.toMatch(/eyJ/);
  for (const token of [access, it.subjectToken]) {
    for (const part of token.split(".")) expect(written).not.toContain(part.slice(0, 24));
  }
});

async function hs256(it: Shop): Promise<string> {
  const [jwk = {}] = it.tokens.keySet.keys;
  const key = await importJWK({ kty: "", ...jwk }, "RS256", { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError("not a public key");
  const signed = `${base64url({ alg: "HS256", kid: it.tokens.kid })}.${base64url(it.tokens.claims(it.pod, it.account))}`;
  return `${signed}.${createHmac("sha256", await exportSPKI(key))
    .update(signed)
    .digest("base64url")}`;
}

async function ownKey(it: Shop, { embed = false, header = {} }: { embed?: boolean; header?: object }): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const embedded = embed ? { jwk: await exportJWK(publicKey) } : {};
  return new SignJWT(it.tokens.claims(it.pod, it.account))
    .setProtectedHeader({ alg: "RS256", kid: it.tokens.kid, ...embedded, ...header })
    .sign(privateKey);
}

async function tampered(it: Shop): Promise<string> {
  const [header, , signature] = it.subjectToken.split(".");
  const claims = it.tokens.claims(it.pod, it.account, { claims: { sub: "system:serviceaccount:shop:admin" } });
  return `${header}.${base64url(claims)}.${signature}`;
}

async function replacePod(it: Shop): Promise<void> {
  await it.world.delete(pods, "shop/orders-1");
  await it.world.pod("shop/orders-1", { serviceAccount: "orders" });
}

async function replaceAccount(it: Shop): Promise<void> {
  await it.world.delete(serviceAccounts, "shop/orders");
  await it.world.serviceAccount("shop/orders");
}

function setPhase(it: Shop, phase: string): Promise<unknown> {
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "shop", name: "orders-1" },
    status: { phase },
  };
  return it.world.api.applyStatus(pods, object, { fieldManager: "kubelet", force: true });
}
