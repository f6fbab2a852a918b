import { describe, expect, test } from "vitest";
import { managedIdentities, roleAssignments } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT, VAULT_SCOPE } from "../../support/shop.ts";

async function ask(it: Shop, path: string, body: unknown, headers: Record<string, string> = {}) {
  const reply = await it.post(path, typeof body === "string" ? body : JSON.stringify(body), {
    "content-type": "application/json",
    authorization: `Bearer ${it.subjectToken}`,
    ...headers,
  });
  return { status: reply.status, headers: reply.headers, body: await jsonBody(reply) };
}

const evaluation = (it: Shop, changes: object = {}) => ({
  subject: { type: "managed_identity", id: it.identity.metadata.uid },
  action: { name: "secrets/read" },
  resource: { type: "resource", id: VAULT_SCOPE },
  ...changes,
});
const subject = (id: string | undefined) => ({ subject: { type: "managed_identity", id } });
const resource = (id: string) => ({ resource: { type: "resource", id } });
const action = (name: string) => ({ action: { name } });

describe("POST /access/v1/evaluation", () => {
  test("allows what a role allows, and says which", async () => {
    const it = await shop();
    expect((await ask(it, "/access/v1/evaluation", evaluation(it))).body).toEqual({
      decision: true,
      context: {
        reason: `Role secrets-reader, given by RoleAssignment payments/orders-reads, allows secrets/read at ${VAULT_SCOPE}.`,
        role: "secrets-reader",
        assignment: "payments/orders-reads",
        scope: VAULT_SCOPE,
      },
    });
  });

  const questions: { question: string; changes: (it: Shop) => object; decision: boolean; code?: string }[] = [
    { question: "by client id", changes: (it) => subject(it.identity.status?.clientId), decision: true },
    { question: "by resource id", changes: (it) => subject(it.identity.status?.resourceId), decision: true },
    { question: "by audience", changes: () => resource(VAULT), decision: true },
    { question: "by audience with a slash more", changes: () => resource(`${VAULT}/`), decision: true },
    { question: "another action", changes: () => action("secrets/write"), decision: false, code: "ActionNotGranted" },
    {
      question: "the namespace around the resource",
      changes: () => resource("/namespaces/payments"),
      decision: false,
      code: "ActionNotGranted",
    },
    {
      question: "another resource",
      changes: () => resource("/namespaces/payments/resources/other"),
      decision: false,
      code: "ActionNotGranted",
    },
    {
      question: "an identity that nobody knows",
      changes: () => subject("6f0c7a3e-0000-4000-8000-000000000000"),
      decision: false,
      code: "PrincipalUnknown",
    },
    {
      question: "an audience that nobody registered",
      changes: () => resource("https://other.svc"),
      decision: false,
      code: "AudienceNotRegistered",
    },
  ];

  test.each(questions)("$question: $decision", async ({ changes, decision, code }) => {
    const it = await shop();
    const { status, body } = await ask(it, "/access/v1/evaluation", evaluation(it, changes(it)));
    expect({ status, decision: body.decision, code: body.context.reason_code }).toEqual({
      status: 200,
      decision,
      code,
    });
    expect(body.context.reason).not.toBe("");
  });

  test("a resource id in another case is the same, in letters that only look alike it is nobody's", async () => {
    const it = await shop();
    await it.world.identity("shop/kiosk", {});
    const code = async (id: string) =>
      (await ask(it, "/access/v1/evaluation", evaluation(it, subject(id)))).body.context.reason_code;
    expect(await code("/NAMESPACES/Shop/managedidentities/KIOSK")).toBe("ActionNotGranted");
    expect(await code("/namespaces/shop/managedIdentities/\u{212a}iosk")).toBe("PrincipalUnknown");
  });

  test("members that name a prototype are ignored, and change no other object", async () => {
    const it = await shop();
    const forged = '"__proto__":{"decision":true,"roles":["owner"]},"constructor":{"prototype":{"decision":true}}';
    const body = JSON.stringify(evaluation(it, action("secrets/write"))).replace("{", `{${forged},`);
    expect((await ask(it, "/access/v1/evaluation", body)).body).toMatchObject({ decision: false });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("decision" in {} || "roles" in {}).toBe(false);
  });

  test("a removed assignment counts at the next question", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    expect((await ask(it, "/access/v1/evaluation", evaluation(it))).body).toMatchObject({
      decision: false,
      context: { reason_code: "ActionNotGranted" },
    });
  });

  test("a disabled identity may do nothing", async () => {
    const it = await shop();
    await it.world.update(managedIdentities, "shop/orders", { subjects: [], disabled: true });
    expect((await ask(it, "/access/v1/evaluation", evaluation(it))).body).toMatchObject({
      decision: false,
      context: { reason_code: "IdentityDisabled" },
    });
  });

  test.each([
    { given: "not JSON", body: () => "{" },
    { given: "an array", body: () => [] },
    { given: "no subject", body: (it: Shop) => evaluation(it, { subject: undefined }) },
    { given: "another type of subject", body: (it: Shop) => evaluation(it, { subject: { type: "user", id: "a" } }) },
    { given: "an action with a wildcard", body: (it: Shop) => evaluation(it, action("secrets/*")) },
    { given: "an id that is too long", body: (it: Shop) => evaluation(it, resource("x".repeat(600))) },
  ])("$given is a malformed request", async ({ body }) => {
    const it = await shop();
    const reply = await ask(it, "/access/v1/evaluation", body(it));
    expect(reply).toMatchObject({ status: 400, body: { error: "invalid_request", error_code: "InvalidRequest" } });
  });

  test("gives the request's id back", async () => {
    const it = await shop();
    const { headers } = await ask(it, "/access/v1/evaluation", evaluation(it), { "x-request-id": "bfe9eb29-ab87" });
    expect(headers.get("x-request-id")).toBe("bfe9eb29-ab87");
  });

  test("is not for strangers", async () => {
    const it = await shop();
    const reply = await ask(it, "/access/v1/evaluation", evaluation(it), { authorization: "" });
    expect(reply).toMatchObject({ status: 401, body: { error_code: "AuthenticationRequired" } });
    expect(reply.headers.get("www-authenticate")).toContain("Bearer");
  });
});

describe("POST /access/v1/evaluations", () => {
  const batch = (it: Shop, semantic: string | undefined, names: readonly string[]) => ({
    ...evaluation(it),
    evaluations: names.map((name) => action(name)),
    ...(semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }),
  });
  const [yes, no] = ["secrets/read", "secrets/write"];

  test.each([
    { semantic: undefined, names: [yes, no, yes], decisions: [true, false, true] },
    { semantic: "execute_all", names: [no, yes], decisions: [false, true] },
    { semantic: "deny_on_first_deny", names: [yes, no, yes], decisions: [true, false] },
    { semantic: "permit_on_first_permit", names: [no, yes, no], decisions: [false, true] },
  ])("$semantic decides $names as $decisions", async ({ semantic, names, decisions }) => {
    const it = await shop();
    const { body } = await ask(it, "/access/v1/evaluations", batch(it, semantic, names));
    expect(body.evaluations.map(({ decision }: { decision: boolean }) => decision)).toEqual(decisions);
  });

  test("without evaluations it is one question with one answer", async () => {
    const it = await shop();
    expect((await ask(it, "/access/v1/evaluations", evaluation(it))).body).toMatchObject({ decision: true });
  });

  test.each([
    { given: "an incomplete evaluation", body: { evaluations: [action(yes)] } },
    { given: "an unknown semantic", body: { options: { evaluations_semantic: "guess" } } },
    { given: "more than a hundred", body: { evaluations: Array.from({ length: 101 }, () => action(yes)) } },
  ])("$given is a malformed request", async ({ body }) => {
    const it = await shop();
    expect(await ask(it, "/access/v1/evaluations", body)).toMatchObject({ status: 400 });
  });
});
