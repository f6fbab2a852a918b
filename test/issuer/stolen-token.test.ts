import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { pods } from "../../kube/kinds.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, tokenExchangeForm } from "../support/shop.ts";

const HERE = "127.0.0.1";

/** The pod whose token is shown is elsewhere; every request of a test comes from 127.0.0.1. */
async function stolen(settings = {}) {
  const it = await shop(settings);
  const victim = await it.world.pod("shop/orders-2", { serviceAccount: "orders", addresses: ["10.0.0.5"] });
  const token = await it.tokens.mintPodToken(victim, it.account);
  return { ...it, token, use: (headers = {}) => it.post("/oauth2/token", tokenExchangeForm(token), headers) };
}

const thief = (it: Pick<Shop, "world">) => it.world.pod("shop/thief", { addresses: [HERE] });
const codeOf = async (reply: Response | Promise<Response>) => (await jsonBody(reply)).error_code;

describe("a pod's token from another pod's address", () => {
  test("gets nothing, and is written down", async () => {
    const it = await stolen();
    await thief(it);
    const reply = await it.use();
    expect(reply.status).toBe(403);
    expect(await jsonBody(reply)).toMatchObject({
      error: "access_denied",
      error_code: "SourceAddressMismatch",
      error_description: expect.not.stringContaining("thief"),
    });
    expect(it.audit).toMatchObject([
      { decision: "refused", reason: "SourceAddressMismatch", pod: { name: "orders-2" }, sourceAddress: HERE },
    ]);
    expect(it.logged.join()).toContain("shop/thief");
  });

  test.each(["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip"])("whatever %s says", async (header) => {
    const it = await stolen();
    await thief(it);
    expect(await codeOf(it.use({ [header]: header === "forwarded" ? "for=10.0.0.5" : "10.0.0.5" }))).toBe(
      "SourceAddressMismatch",
    );
  });

  test("gets nothing at any other endpoint that takes it", async () => {
    const it = await stolen();
    await thief(it);
    const headers = { authorization: `Bearer ${it.token}` };
    const json = { ...headers, "content-type": "application/json" };
    const replies = [
      it.get("/identities", { headers }),
      it.post("/introspect", { token: "a" }, headers),
      it.post("/access/v1/evaluation", "{}", json),
      it.post("/access/v1/evaluations", "{}", json),
    ];
    expect(await Promise.all(replies.map(codeOf))).toEqual(replies.map(() => "SourceAddressMismatch"));
  });

  test("gets nothing while its own pod has not reported an address", async () => {
    const it = await shop();
    await thief(it);
    expect(await codeOf(it.exchange())).toBe("SourceAddressMismatch");
  });

  test("empties no bucket of the pod that it was stolen from", async () => {
    const one = { perSecond: 0.1, burst: 1 };
    const it = await stolen({ rateLimits: { ...defaultIssuerSettings.rateLimits, tokensPerPod: one } });
    await thief(it);
    for (let count = 0; count < 3; count++) expect(await codeOf(it.use())).toBe("SourceAddressMismatch");
    await it.world.delete(pods, "shop/thief");
    expect((await it.use()).status).toBe(200);
  });
});

describe("a pod's token from its own address", () => {
  test("is good", async () => {
    const it = await shop();
    const pod = await it.world.pod("shop/here", { serviceAccount: "orders", addresses: ["10.0.0.9", HERE] });
    const token = await it.tokens.mintPodToken(pod, it.account);
    expect((await it.exchange({ subject_token: token })).status).toBe(200);
  });

  test("is good although the pod that had it before has only ended", async () => {
    const it = await stolen();
    await it.world.pod("shop/before", { addresses: [HERE], phase: "Succeeded" });
    expect((await it.use()).status).toBe(200);
  });

  test("is good before the kubelet has reported it, which it does after the gate", async () => {
    const it = await shop({ unknownSourceAddresses: "refuse" });
    expect([(await it.exchange()).status, it.unknownSources(), it.unreportedSources()]).toEqual([200, 0, 1]);
    expect(it.audit.at(-1)).toMatchObject({ decision: "issued", source: "unreported" });
  });

  test("has to be reported within five minutes of the pod's start", async () => {
    const it = await shop({ unknownSourceAddresses: "refuse" });
    await it.world.clock.advance(301_000);
    expect(await codeOf(it.exchange())).toBe("SourceAddressUnknown");
    const startTime = new Date(it.world.clock.now()).toISOString();
    const pod = await it.world.pod("shop/waited", { serviceAccount: "orders", startTime });
    expect((await it.exchange({ subject_token: await it.tokens.mintPodToken(pod, it.account) })).status).toBe(200);
  });
});

describe("a token that a person made for a pod that has no node", () => {
  test.each(["allow", "refuse"] as const)("gets nothing, with %s for unknown addresses", async (setting) => {
    const it = await shop({ unknownSourceAddresses: setting });
    const pod = await it.world.pod("shop/pending", { serviceAccount: "orders", node: "", phase: "Pending" });
    const token = await it.tokens.mintPodToken(pod, it.account);
    const json = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const replies = [
      it.exchange({ subject_token: token }),
      it.get("/identities", { headers: { authorization: `Bearer ${token}` } }),
      it.post("/introspect", { token: "a" }, { authorization: `Bearer ${token}` }),
      it.post("/access/v1/evaluation", "{}", json),
      it.post("/access/v1/evaluations", "{}", json),
    ];
    expect(await Promise.all(replies.map(codeOf))).toEqual(replies.map(() => "PodNotScheduled"));
  });
});

describe("a node's address", () => {
  const onNode = { node: "node-1", nodeAddresses: [HERE] };

  test.each([
    ["refuse", 403],
    ["allow", 200],
  ] as const)("is that of a pod on the host network alone; set to %s: %i", async (nodeSourceAddresses, status) => {
    const it = await stolen({ nodeSourceAddresses });
    await it.world.pod("shop/neighbour", { ...onNode, addresses: ["10.0.0.6"] });
    expect((await it.use()).status).toBe(status);
  });

  test("is good for a pod on the host network of that node", async () => {
    const it = await shop();
    const pod = await it.world.pod("shop/agent", {
      ...{ ...onNode, hostNetwork: true, addresses: [HERE], serviceAccount: "orders" },
    });
    const token = await it.tokens.mintPodToken(pod, it.account);
    expect((await it.exchange({ subject_token: token })).status).toBe(200);
  });
});

describe("an address that nobody is known by", () => {
  test.each([
    ["allow", undefined],
    ["refuse", "SourceAddressUnknown"],
  ] as const)("is counted; set to %s: %s", async (unknownSourceAddresses, code) => {
    const it = await shop({ unknownSourceAddresses });
    const pod = await it.world.pod("shop/far", { serviceAccount: "orders", addresses: ["10.0.0.5"] });
    const token = await it.tokens.mintPodToken(pod, it.account);
    expect(await codeOf(it.exchange({ subject_token: token }))).toBe(code);
    expect(it.unknownSources()).toBe(1);
  });
});
