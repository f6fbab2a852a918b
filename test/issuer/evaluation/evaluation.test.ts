import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../../issuer/settings.ts";
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
const part = (id: string, subresource: unknown) => ({ resource: { type: "secret", id, properties: { subresource } } });
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
    ...[
      "/namespaces/payments/../payments/resources/payments-vault",
      "/namespaces/p\u0430yments/resources/payments-vault",
      `${VAULT_SCOPE}/`,
    ].map((id) => ({
      question: `by ${id}, which is no scope`,
      changes: () => resource(id),
      decision: false,
      code: "AudienceNotRegistered",
    })),
    { question: "a part, by its scope", changes: () => resource(`${VAULT_SCOPE}/secrets/db-password`), decision: true },
    { question: "a part, by audience and part", changes: () => part(VAULT, "secrets/db-password"), decision: true },
    { question: "a part, by scope and part", changes: () => part(VAULT_SCOPE, "secrets/db-password"), decision: true },
    {
      question: "an identity that nobody knows",
      changes: () => subject("/namespaces/shop/managedIdentities/nobody"),
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
    expect(await code("/namespaces/shop/managedIdentities/\u{212a}iosk")).toBe("CallerUnrelated");
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
    { given: "a part that is a way up", body: (it: Shop) => evaluation(it, part(VAULT, "secrets/..")) },
    { given: "a part of a part", body: (it: Shop) => evaluation(it, part(`${VAULT_SCOPE}/secrets/a`, "versions/b")) },
    {
      given: "a resource as part of a namespace",
      body: (it: Shop) => evaluation(it, part("/namespaces/payments", "resources/payments-vault")),
    },
    { given: "an id that is too long", body: (it: Shop) => evaluation(it, resource("x".repeat(1025))) },
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

describe("a role on one secret", () => {
  const onlyOneSecret = async (): Promise<Shop> => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const secret = { resource: "payments-vault", subresource: "secrets/db-password" };
    await it.world.assignment("payments/one", { to: "shop/orders", role: "secrets-reader", ...secret });
    return it;
  };
  const decision = async (it: Shop, id: string) =>
    (await ask(it, "/access/v1/evaluation", evaluation(it, resource(id)))).body.decision;

  test("allows it there, and neither on another secret nor on the vault", async () => {
    const it = await onlyOneSecret();
    expect(await decision(it, `${VAULT_SCOPE}/secrets/db-password`)).toBe(true);
    expect(await decision(it, `${VAULT_SCOPE}/secrets/db-password/versions/v1`)).toBe(true);
    expect(await decision(it, `${VAULT_SCOPE}/secrets/db`)).toBe(false);
    expect(await decision(it, VAULT_SCOPE)).toBe(false);
  });

  test("opens the door of the vault: a token without that role, good for as long as the assignment lasts", async () => {
    const it = await onlyOneSecret();
    const token = await it.accessToken();
    expect(it.audit.at(-1)).toMatchObject({ audience: VAULT, roles: [] });
    const introspect = async () =>
      jsonBody(it.post("/introspect", { token }, { authorization: `Bearer ${it.subjectToken}` }));
    expect(await introspect()).toMatchObject({ active: true, roles: [] });
    await it.world.delete(roleAssignments, "payments/one");
    expect(await introspect()).toEqual({ active: false });
    expect(await jsonBody(it.exchange())).toMatchObject({ error_code: "RoleAssignmentRequired" });
  });
});

describe("a denial says what came nearest", () => {
  const reason = async (it: Shop, caller: string) => {
    const headers = { authorization: `Bearer ${caller}` };
    return (await ask(it, "/access/v1/evaluation", evaluation(it), headers)).body.context.reason;
  };
  const onOther = async (): Promise<Shop> => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.world.assignment("payments/other", { to: "shop/orders", role: "secrets-reader", resource: "other-vault" });
    return it;
  };
  const nearest = "has secrets-reader on /namespaces/payments/resources/other-vault; needs it on …/payments-vault";

  test("to a service of the namespace that the role is in", async () => {
    const it = await onOther();
    const account = await it.world.serviceAccount("payments/vault");
    const vault = await it.world.pod("payments/vault-1", { serviceAccount: "vault" });
    expect(await reason(it, await it.tokens.mintPodToken(vault, account))).toContain(nearest);
  });

  test("but not to one of another namespace", async () => {
    const it = await onOther();
    expect(await reason(it, it.subjectToken)).not.toContain("other-vault");
  });

  test("to the pod itself, when it is refused a token", async () => {
    const it = await onOther();
    const { error_description: sentence } = await jsonBody(it.exchange());
    expect(sentence).toContain("has secrets-reader on /namespaces/payments/resources/other-vault, which gives nothing");
  });

  test("of a role that an earlier identity of its name was given", async () => {
    const it = await shop();
    await it.world.delete(managedIdentities, "shop/orders");
    const { metadata } = await it.world.identity("shop/orders", { subjects: [{ serviceAccount: "orders" }] });
    const asked = evaluation(it, subject(metadata.uid));
    const { body } = await ask(it, "/access/v1/evaluation", asked);
    expect(body.context.reason).toContain("RoleAssignment payments/orders-reads gives secrets-reader");
    expect(body.context.reason).toContain("to an earlier identity of this name");
    expect(body.context.reason).not.toContain(it.identity.metadata.uid);
  });
});

test("a batch counts as the decisions that it asks for", async () => {
  const rate = { perSecond: 1, burst: 3 };
  const it = await shop({ rateLimits: { ...defaultIssuerSettings.rateLimits, decisionsPerPod: rate } });
  const evaluations = Array.from({ length: 5 }, () => evaluation(it));
  expect((await ask(it, "/access/v1/evaluations", { evaluations })).status).toBe(200);
  const { status, headers } = await ask(it, "/access/v1/evaluation", evaluation(it));
  expect([status, headers.get("retry-after")]).toEqual([429, "3"]);
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
