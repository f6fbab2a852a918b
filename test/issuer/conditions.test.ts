import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { jsonBody } from "../support/json-body.ts";
import { label, limit } from "../support/limited-assignment.ts";
import { type Shop, shop, VAULT, VAULT_SCOPE } from "../support/shop.ts";

const isProduction = 'pod.labels["env"] == "prod"';

async function token(it: Shop): Promise<string> {
  const body = await jsonBody(it.exchange());
  return body.access_token ?? body.error_code;
}

async function active(it: Shop, accessToken: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${it.subjectToken}` };
  return (await jsonBody(it.post("/introspect", { token: accessToken }, headers))).active;
}

async function decision(it: Shop, context?: object, resource: string = VAULT_SCOPE) {
  const body = {
    subject: { type: "managed_identity", id: it.identity.metadata.uid },
    action: { name: "secrets/read" },
    resource: { type: "resource", id: resource },
    ...(context === undefined ? {} : { context }),
  };
  const headers = { "content-type": "application/json", authorization: `Bearer ${it.subjectToken}` };
  const reply = await jsonBody(it.post("/access/v1/evaluation", JSON.stringify(body), headers));
  return reply.decision === true ? "allowed" : (reply.context?.reason_code ?? reply.error_code);
}

const orders = { namespace: "shop", name: "orders-1" };

describe("a condition on the pod", () => {
  test("gives a token to the pod that meets it, by the labels that it has now", async () => {
    const it = await shop();
    await limit(it, { condition: isProduction });
    expect(await token(it)).toBe("RoleAssignmentRequired");
    await label(it.world, "shop/orders-1", { env: "prod" });
    expect(decodeJwt(await token(it)).roles).toEqual(["secrets-reader"]);
    await label(it.world, "shop/orders-1", { env: "test" });
    expect(await token(it)).toBe("RoleAssignmentRequired");
  });

  test("ends a token at introspection when the pod does not meet it any more", async () => {
    const it = await shop();
    const before = await token(it);
    await limit(it, { condition: isProduction });
    expect(await active(it, before)).toBe(false);
    await label(it.world, "shop/orders-1", { env: "prod" });
    expect(await active(it, before)).toBe(true);
  });

  test("is decided for the pod that the question names, by what the API says of it", async () => {
    const it = await shop();
    await limit(it, { condition: isProduction });
    await label(it.world, "shop/orders-1", { env: "prod" });
    expect(await decision(it, { pod: orders })).toBe("allowed");
    await label(it.world, "shop/orders-1", {});
    expect(await decision(it, { pod: { ...orders, labels: { env: "prod" } } })).toBe("ActionNotGranted");
  });

  test("is not met where nobody says which pod asks", async () => {
    const it = await shop();
    await limit(it, { condition: 'pod.namespace == "shop" || !(pod.namespace == "shop")' });
    expect(await decision(it)).toBe("ActionNotGranted");
    expect(await decision(it, { pod: orders })).toBe("allowed");
  });
});

describe("a condition on a pod with 3 KB of labels", () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`label-${at}`, "x".repeat(63)]));
  /** Longer than what is left for it behind the others. */
  const key = "environmentOfThePodInTheShopOfTheCompany";
  const standings = async (it: Shop, before: string) => [
    await token(it).then((given) => given.includes(".")),
    await active(it, before),
    await decision(it, { pod: orders }),
  ];

  test("gives what it gave when the issuer kept every label", async () => {
    const it = await shop();
    const before = await token(it);
    await limit(it, { condition: `pod.labels.${key} == "prod"` });
    await label(it.world, "shop/orders-1", { ...many, [key]: "prod" });
    expect(await standings(it, before)).toEqual([true, true, "allowed"]);
    await label(it.world, "shop/orders-1", { ...many, [key]: "test" });
    expect(await standings(it, before)).toEqual([false, false, "ActionNotGranted"]);
  });

  test("that a label must not be there does not hold because the issuer keeps few", async () => {
    const it = await shop();
    const before = await token(it);
    await limit(it, { condition: `!has(pod.labels.${key})` });
    await label(it.world, "shop/orders-1", { ...many, [key]: "yes" });
    expect(await standings(it, before)).toEqual([false, false, "ActionNotGranted"]);
    await label(it.world, "shop/orders-1", many);
    expect(await standings(it, before)).toEqual([true, true, "allowed"]);
  });
});

describe("the pod that a question names", () => {
  test("must be able to use the identity", async () => {
    const it = await shop();
    await it.world.serviceAccount("shop/other");
    await it.world.pod("shop/other-1", { serviceAccount: "other" });
    await label(it.world, "shop/other-1", { env: "prod" });
    expect(await decision(it, { pod: { namespace: "shop", name: "other-1" } })).toBe("PodNotOfPrincipal");
  });

  test.each(["Succeeded", "Failed"])("must run: not %s", async (phase) => {
    const it = await shop();
    await it.world.pod("shop/orders-2", { serviceAccount: "orders", phase });
    expect(await decision(it, { pod: { namespace: "shop", name: "orders-2" } })).toBe("PodNotOfPrincipal");
  });

  test("must be there", async () => {
    const it = await shop();
    expect(await decision(it, { pod: { namespace: "shop", name: "nobody" } })).toBe("PodNotOfPrincipal");
    expect(await decision(it, { pod: orders })).toBe("allowed");
  });

  test("has the UID, when the question says one: a pod that has its name now is another", async () => {
    const it = await shop();
    const { uid } = (await it.world.pod("shop/orders-2", { serviceAccount: "orders" })).metadata;
    const named = { namespace: "shop", name: "orders-2" };
    expect(await decision(it, { pod: { ...named, uid } })).toBe("allowed");
    expect(await decision(it, { pod: { ...named, uid: "another" } })).toBe("PodNotOfPrincipal");
  });

  test.each([{ pod: "orders-1" }, { pod: { name: "orders-1" } }, { audience: 7 }])(
    "is written as %j: refused",
    async (context) => {
      const it = await shop();
      expect(await decision(it, context)).toBe("InvalidRequest");
    },
  );
});

describe("a condition on the audience", () => {
  const forTheVault = `request.audience == "${VAULT}"`;

  test("sees the audience of the token, as its owner spells it", async () => {
    const it = await shop();
    await limit(it, { condition: forTheVault });
    const given = await jsonBody(it.exchange({ audience: `${VAULT}/` }));
    expect(decodeJwt(given.access_token).roles).toEqual(["secrets-reader"]);
    expect(await active(it, given.access_token)).toBe(true);
  });

  test("is decided by what the question asks about, or by the token that it speaks of", async () => {
    const it = await shop();
    await limit(it, { condition: forTheVault });
    expect(await decision(it, undefined, VAULT)).toBe("allowed");
    expect(await decision(it, undefined, `${VAULT}/`)).toBe("allowed");
    expect(await decision(it)).toBe("ActionNotGranted");
    expect(await decision(it, { audience: VAULT })).toBe("allowed");
    expect(await decision(it, { audience: "https://other.svc" }, VAULT)).toBe("ActionNotGranted");
  });
});

describe("time", () => {
  test("a condition on it is judged at the time of the request", async () => {
    const it = await shop();
    await limit(it, { condition: 'time < timestamp("2026-11-21T12:30:00Z")' });
    const given = await token(it);
    await it.world.clock.advance(29 * 60_000);
    expect([await active(it, given), await decision(it)]).toEqual([true, "allowed"]);
    await it.world.clock.advance(60_000);
    expect([await active(it, given), await decision(it)]).toEqual([false, "ActionNotGranted"]);
  });

  test("nothing is given before notBefore, and no token begins earlier", async () => {
    const it = await shop();
    await limit(it, { notBefore: "2026-11-21T12:00:01Z" });
    expect([await token(it), await decision(it)]).toEqual(["RoleAssignmentRequired", "ActionNotGranted"]);
    await it.world.clock.advance(1000);
    expect(await decision(it)).toBe("allowed");
    expect(decodeJwt(await token(it)).nbf).toBe(Date.parse("2026-11-21T12:00:01Z") / 1000);
  });

  test("nothing is given from expiresAt on, and no token ends later", async () => {
    const it = await shop();
    await limit(it, { expiresAt: "2026-11-21T12:10:00Z" });
    const given = await token(it);
    expect(decodeJwt(given).exp).toBe(Date.parse("2026-11-21T12:10:00Z") / 1000);
    await it.world.clock.advance(600_000 - 1);
    expect(await decision(it)).toBe("allowed");
    await it.world.clock.advance(1);
    expect([await token(it), await decision(it)]).toEqual(["RoleAssignmentRequired", "ActionNotGranted"]);
  });
});
