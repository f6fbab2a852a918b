import { describe, expect, test } from "vitest";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, tokenExchangeForm, VAULT } from "../support/shop.ts";

const formType = { "content-type": "application/x-www-form-urlencoded" };

async function outcome(reply: Response) {
  return { status: reply.status, ...(await jsonBody(reply)) };
}

describe("a request that is not one", () => {
  const form = (it: Shop) => new URLSearchParams(tokenExchangeForm(it.subjectToken)).toString();
  const requests: { request: string; send: (it: Shop) => Promise<Response>; status: number; code: string }[] = [
    {
      request: "a parameter twice",
      send: (it) => it.post("/oauth2/token", `${form(it)}&audience=other`, formType),
      status: 400,
      code: "InvalidRequest",
    },
    {
      request: "another content type",
      send: (it) => it.post("/oauth2/token", form(it), { "content-type": "application/json" }),
      status: 415,
      code: "UnsupportedMediaType",
    },
    {
      request: "a body over 64 KiB",
      send: (it) => it.post("/oauth2/token", `${form(it)}&pad=${"x".repeat(65_536)}`, formType),
      status: 413,
      code: "BodyTooLarge",
    },
    { request: "GET", send: (it) => it.get("/oauth2/token"), status: 405, code: "MethodNotAllowed" },
    { request: "an unknown path", send: (it) => it.get("/oauth2/tokens"), status: 404, code: "RouteNotFound" },
    {
      request: "an empty body",
      send: (it) => it.post("/oauth2/token", "", formType),
      status: 400,
      code: "InvalidRequest",
    },
    {
      request: "a token in the place of the audience",
      send: (it) => it.exchange({ audience: it.subjectToken.slice(0, 500) }),
      status: 400,
      code: "InvalidRequest",
    },
  ];

  test.each(requests)("$request: a JSON error of the protocol's shape", async ({ send, status, code }) => {
    const it = await shop();
    const reply = await send(it);
    expect(reply.headers.get("content-type")).toBe("application/json");
    expect(await outcome(reply)).toMatchObject({
      status,
      error: expect.any(String),
      error_description: expect.any(String),
      error_code: code,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  const ignored: { given: string; send: (it: Shop) => Promise<Response> }[] = [
    {
      given: "parameters in the URL",
      send: (it) => it.post("/oauth2/token?audience=https://other.svc&client_id=other", form(it), formType),
    },
    {
      given: "parameters with the names of an object's own members",
      send: (it) =>
        it.post(
          "/oauth2/token",
          `${form(it)}&__proto__=x&constructor=x&audience[]=other&audience.roles=owner`,
          formType,
        ),
    },
    {
      given: "a charset that would read the body otherwise",
      send: (it) =>
        it.post("/oauth2/token", form(it), { "content-type": `${formType["content-type"]}; charset=utf-7` }),
    },
  ];
  test.each(ignored)("$given change nothing: the token is the one that the body asks for", async ({ send }) => {
    const it = await shop();
    const { access_token } = await jsonBody(send(it));
    const claims = JSON.parse(Buffer.from(access_token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ aud: VAULT, sub: it.identity.metadata.uid, roles: ["secrets-reader"] });
  });

  test.each(["__proto__", "constructor", "\u{212a}", "\u0430", "a\r\nx: y"])(
    "%j as the id of an identity is nobody's",
    async (id) => {
      const it = await shop();
      for (const selector of ["client_id", "object_id", "resource_id"]) {
        const { status, error } = await outcome(await it.exchange({ [selector]: id }));
        expect({ status, error }).toEqual({ status: 400, error: "invalid_request" });
      }
    },
  );

  test("a client id in letters that only look like its own is nobody's", async () => {
    const it = await shop();
    const clientId = it.identity.status?.clientId ?? "";
    expect((await it.exchange({ client_id: clientId.toUpperCase() })).status).toBe(200);
    expect((await it.exchange({ client_id: clientId.replaceAll("-", "\u2010") })).status).toBe(400);
  });

  test("HEAD on the token endpoint is refused, with what is allowed", async () => {
    const it = await shop();
    const reply = await it.get("/oauth2/token", { method: "HEAD" });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("POST");
  });
});
