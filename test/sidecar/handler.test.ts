import { describe, expect, test } from "vitest";
import { appService, IDENTITY_HEADER, imds, METADATA, RESOURCE, type TestEndpoint, testEndpoint } from "./endpoint.ts";
import { granted, refusing, TRACE_ID, throttling, unavailable } from "./fake-issuer.ts";

describe("every reply", () => {
  const all: readonly [string, (endpoint: TestEndpoint) => Promise<{ headers: Headers }>][] = [
    ["a token", ({ get }) => get(imds(), METADATA)],
    ["a refusal", ({ get }) => get(imds())],
    ["not found", ({ get }) => get("/")],
  ];
  test.each(all)("%s is JSON and may not be stored", async (_name, ask) => {
    const { headers } = await ask(testEndpoint());
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("a URL over 8 KiB is refused in the dialect's shape", async () => {
    const reply = await testEndpoint().get(appService(`resource=a&x=${"y".repeat(8192)}`), IDENTITY_HEADER);
    expect(reply).toMatchObject({ status: 414, body: { statusCode: 414 } });
  });

  test("a dialect that is not enabled is not there", async () => {
    expect((await testEndpoint({ dialects: [] }).get(imds(), METADATA)).status).toBe(404);
  });

  test("who watches refusals learns dialect, reason, trace id and audience", async () => {
    const { get, issuer, refused } = testEndpoint();
    issuer.answers(refusing());
    await get(imds(), METADATA);
    expect(refused).toMatchObject([
      { dialect: "azure-imds", audience: RESOURCE, traceId: TRACE_ID, refusal: { code: "RoleAssignmentRequired" } },
    ]);
  });

  test("a failure inside becomes a 500 that says nothing of it", async () => {
    const broken = testEndpoint({
      newTraceId: () => "t",
      onRefusal: () => {
        throw new Error("inside");
      },
    });
    broken.issuer.answers(refusing());
    for (const url of ["/", imds()]) {
      const reply = await broken.get(url, METADATA);
      expect(reply).toMatchObject({ status: 500, body: { error: "unknown" } });
      expect(reply.text).not.toContain("inside");
    }
  });
});

describe("the same URL asked again", () => {
  test("is answered with the time that is left now", async () => {
    const { get, clock } = testEndpoint();
    const first = await get(imds(), METADATA);
    await clock.advance(10_000);
    const second = await get(imds(), METADATA);
    expect([first.body.expires_in, second.body.expires_in]).toEqual(["3600", "3590"]);
    expect(second.body.expires_on).toBe(first.body.expires_on);
  });

  test("is answered with the new token as soon as there is one", async () => {
    const { get } = testEndpoint();
    await get(imds(), METADATA);
    await get(imds(`resource=${RESOURCE}&bypass_cache=true`), METADATA);
    expect((await get(imds(), METADATA)).body.access_token).toBe("token-2");
  });

  test("is still refused when the header is missing this time", async () => {
    const { get } = testEndpoint();
    await get(imds(), METADATA);
    expect((await get(imds())).status).toBe(400);
  });
});

describe("a token in memory", () => {
  test("is served to another dialect only with that dialect's own proof", async () => {
    const { get, issuer } = testEndpoint();
    await get(imds(), METADATA);
    expect((await get(appService(), METADATA)).status).toBe(401);
    expect((await get(appService(), IDENTITY_HEADER)).body.access_token).toBe("token-1");
    expect(issuer.calls).toBe(1);
  });

  test("is served for no other identity, and for no audience that is written like another's key", async () => {
    const { get } = testEndpoint();
    const asked = [
      "resource=a&client_id=1",
      "resource=a&object_id=1",
      "resource=a&msi_res_id=1",
      "resource=a",
      `resource=${encodeURIComponent('a","clientId","1')}`,
      `resource=${encodeURIComponent('["a","clientId","1"]')}`,
    ];
    const tokens: unknown[] = [];
    for (const query of asked) tokens.push((await get(imds(query), METADATA)).body.access_token);
    expect(tokens).toEqual(["token-1", "token-2", "token-3", "token-4", "token-5", "token-6"]);
  });
});

describe("limits", () => {
  test("bypass_cache=true beyond its rate is a 429 that says when to come again", async () => {
    const { get, issuer, clock } = testEndpoint({ limits: { bypassesPerSecond: 2 } });
    const url = imds(`resource=${RESOURCE}&bypass_cache=true`);
    const statuses = [await get(url, METADATA), await get(url, METADATA), await get(url, METADATA)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(statuses[2]?.headers.get("retry-after")).toBe("1");
    expect(issuer.calls).toBe(2);
    await clock.advance(1000);
    expect((await get(url, METADATA)).status).toBe(200);
  });

  test("more simultaneous issuer calls than allowed are a 429", async () => {
    const { get, issuer } = testEndpoint({ limits: { simultaneousIssuerCalls: 2 } });
    issuer.answers(async () => granted(1));
    const replies = await Promise.all(["a", "b", "c"].map((resource) => get(imds(`resource=${resource}`), METADATA)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  test("an application that asks for ever new audiences fills no more than the cache", async () => {
    const { get, clock } = testEndpoint({ limits: { cachedTokens: 10 } });
    for (let n = 0; n < 100; n++) await get(imds(`resource=https://${n}`), METADATA);
    expect(clock.pending).toBe(10);
  });
});

describe("fetching ahead", () => {
  test("serves the first request from memory", async () => {
    const { handler, get, issuer } = testEndpoint();
    expect(await handler.prefetch(RESOURCE)).toBeUndefined();
    await get(imds(), METADATA);
    expect(issuer.calls).toBe(1);
  });

  test("says why there is no token: what the issuer said, or what went wrong on the way there", async () => {
    const { handler, issuer, clock } = testEndpoint();
    issuer.answers(unavailable);
    expect(await handler.prefetch(RESOURCE)).toEqual({
      code: "IssuerUnavailable",
      sentence: "The issuer cannot be reached: connection refused.",
    });
    issuer.answers(refusing());
    await clock.advance(1000);
    expect(await handler.prefetch(RESOURCE)).toMatchObject({ code: "RoleAssignmentRequired" });
  });
});

describe("checking the pod's identities", () => {
  test.each([
    ["nothing to wait for", { kind: "confirmed" } as const, undefined],
    ["the issuer's refusal", refusing({ code: "NoIdentity" }), { code: "NoIdentity" }],
    ["the way there", unavailable, { sentence: "The issuer cannot be reached: connection refused." }],
    ["too many who ask", throttling(3), { code: "RateLimited" }],
  ])("says %s", async (_name, reply, waiting) => {
    const { handler, issuer } = testEndpoint();
    issuer.identities = reply;
    const said = await handler.checkIdentities();
    if (waiting === undefined) expect(said).toBeUndefined();
    else expect(said).toMatchObject(waiting);
  });
});
