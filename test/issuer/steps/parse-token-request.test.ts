import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTokenForm } from "../../../issuer/steps/parse-token-request.ts";
import { property } from "../../support/property.ts";
import { clientCredentialsForm, tokenExchangeForm, VAULT } from "../../support/shop.ts";

const parse = (form: Record<string, string>) => parseTokenForm(new URLSearchParams(form).toString());
const exchange = (changes: Record<string, string> = {}) => parse({ ...tokenExchangeForm("a.b.c"), ...changes });
const credentials = (changes: Record<string, string> = {}) =>
  parse({ ...clientCredentialsForm("a.b.c", "the-client"), ...changes });

describe("parseTokenForm", () => {
  test("token exchange (RFC 8693)", () => {
    expect(exchange()).toEqual({
      kind: "parsed",
      request: { grantType: "token-exchange", subjectToken: "a.b.c", audience: VAULT, selector: { by: "default" } },
    });
  });

  test.each([
    { parameter: "client_id", by: "clientId" },
    { parameter: "object_id", by: "objectId" },
    { parameter: "resource_id", by: "resourceId" },
  ])("$parameter names the identity", ({ parameter, by }) => {
    expect(exchange({ [parameter]: "x" })).toMatchObject({ request: { selector: { by, value: "x" } } });
  });

  test("client credentials (RFC 7523): the resource is the scope without /.default, to the letter", () => {
    expect(credentials({ scope: `${VAULT}//.default` })).toEqual({
      kind: "parsed",
      request: {
        grantType: "client_credentials",
        subjectToken: "a.b.c",
        audience: `${VAULT}/`,
        selector: { by: "clientId", value: "the-client" },
      },
    });
  });

  test.each([
    { given: "no subject token", form: exchange({ subject_token: "" }), code: "InvalidRequest" },
    { given: "a huge subject token", form: exchange({ subject_token: "x".repeat(16_385) }), code: "InvalidRequest" },
    { given: "another subject token type", form: exchange({ subject_token_type: "urn:x" }), code: "InvalidRequest" },
    {
      given: "another token type asked for",
      form: exchange({ requested_token_type: "urn:x" }),
      code: "InvalidRequest",
    },
    { given: "an actor", form: exchange({ actor_token: "a" }), code: "InvalidRequest" },
    { given: "a resource beside the audience", form: exchange({ resource: "https://a.svc" }), code: "InvalidRequest" },
    { given: "two selectors", form: exchange({ client_id: "a", object_id: "b" }), code: "InvalidRequest" },
    { given: "no audience", form: exchange({ audience: "" }), code: "ResourceMissing" },
    { given: "an audience with a space", form: exchange({ audience: "a b" }), code: "InvalidRequest" },
    { given: "an audience with a line break", form: exchange({ audience: "a\nb" }), code: "InvalidRequest" },
    { given: "a huge audience", form: exchange({ audience: "x".repeat(513) }), code: "InvalidRequest" },
    {
      given: "a token as client id",
      form: exchange({ client_id: "eyJhbGciOiJSUzI1NiIsImtpZCI6" }),
      code: "InvalidRequest",
    },
    { given: "no assertion", form: credentials({ client_assertion: "" }), code: "InvalidRequest" },
    { given: "no scope", form: credentials({ scope: "" }), code: "ResourceMissing" },
    { given: "two scopes", form: credentials({ scope: "a/.default b/.default" }), code: "InvalidScope" },
    { given: "an unknown grant", form: parse({ grant_type: "password" }), code: "UnsupportedGrantType" },
    { given: "nothing", form: parse({}), code: "InvalidRequest" },
  ])("$given is refused", ({ form, code }) => expect(form).toMatchObject({ kind: "refused", refusal: { code } }));

  const names = [
    "grant_type",
    "subject_token",
    "audience",
    "scope",
    "client_id",
    "client_assertion",
    "subject_token_type",
  ];
  const values = [...Object.values(tokenExchangeForm("a")), ...Object.values(clientCredentialsForm("a", "b"))];
  const field = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(fc.constantFrom(...values), fc.string({ unit: "binary" })),
  );

  property("no form makes it throw, and what it takes has an audience and a token", [fc.array(field)], (fields) => {
    const parsed = parseTokenForm(new URLSearchParams(fields).toString());
    if (parsed.kind === "refused") return parsed.refusal.sentence.length > 0;
    return parsed.request.audience !== "" && parsed.request.subjectToken !== "";
  });
});
