import { describe, expect, test } from "vitest";
import { auditRecordSchema } from "../../identity/audit-records.ts";
import { type AuditRecord, auditToLog, isWritten, repeatKey } from "../../issuer/audit.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { claimsOf } from "../support/claims-of.ts";
import { textLog } from "../support/issuer-world.ts";
import { jsonBody } from "../support/json-body.ts";
import { type Shop, shop, VAULT, VAULT_SCOPE } from "../support/shop.ts";

describe("the audit trail", () => {
  test("an issued token: who, which pod, for what, until when", async () => {
    const it = await shop();
    await it.exchange();
    expect(it.audit).toEqual([
      {
        schema: "lanyard.dev/audit/v1",
        event: "token",
        time: "2026-11-21T12:00:00.000Z",
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        endpoint: "POST /oauth2/token",
        decision: "issued",
        grantType: "token-exchange",
        audience: VAULT,
        pod: { namespace: "shop", name: "orders-1", uid: it.pod.metadata.uid },
        serviceAccount: "orders",
        node: "node-1",
        identity: "/namespaces/shop/managedIdentities/orders",
        principalId: it.identity.metadata.uid,
        clientId: it.identity.status?.clientId,
        roles: ["secrets-reader"],
        grants: [{ role: "secrets-reader", assignment: "payments/orders-reads", scope: VAULT_SCOPE }],
        source: "unreported",
        jti: expect.any(String),
        expiresAt: "2026-11-21T13:00:00.000Z",
        sourceAddress: "127.0.0.1",
      },
    ]);
  });

  test("a refusal: the same, as far as it was known, and why; its trace id is the reply's", async () => {
    const it = await shop();
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const { trace_id } = await jsonBody(it.exchange());
    expect(it.audit).toEqual([
      expect.objectContaining({
        traceId: trace_id,
        decision: "refused",
        reason: "RoleAssignmentRequired",
        pod: expect.objectContaining({ name: "orders-1" }),
        identity: "/namespaces/shop/managedIdentities/orders",
        audience: VAULT,
      }),
    ]);
    expect(it.audit[0]).not.toHaveProperty("jti");
  });

  test("a request of nobody says so: no pod, and the reason", async () => {
    const it = await shop();
    await it.exchange({ subject_token: "hello" });
    expect(it.audit[0]).toMatchObject({ decision: "refused", reason: "SubjectTokenInvalid" });
    expect(it.audit[0]).not.toHaveProperty("pod");
  });

  test("goes to the log under one key", async () => {
    const it = await shop();
    await it.exchange();
    const lines: string[] = [];
    it.audit.forEach(auditToLog(textLog(lines)));
    expect(JSON.parse(lines[0] ?? "")).toEqual({ audit: it.audit[0], message: "Token issued." });
  });
});

const asService = async (it: Shop): Promise<Record<string, string>> => {
  const account = await it.world.serviceAccount("payments/vault");
  const pod = await it.world.pod("payments/vault-0", { serviceAccount: "vault" });
  return { authorization: `Bearer ${await it.tokens.mintPodToken(pod, account)}` };
};
const ask = (it: Shop, headers: Record<string, string>, changes: object = {}) => {
  const question = {
    subject: { type: "managed_identity", id: it.identity.metadata.uid },
    action: { name: "secrets/read" },
    resource: { type: "resource", id: VAULT },
    ...changes,
  };
  return it.post("/access/v1/evaluation", JSON.stringify(question), { ...headers, "content-type": "application/json" });
};

describe("what services ask", () => {
  test("a decision: who asked, about whom, and the assignment that allows it", async () => {
    const it = await shop();
    await ask(it, await asService(it));
    expect(it.audit.at(-1)).toMatchObject({
      event: "decision",
      decision: "allowed",
      pod: { namespace: "payments", name: "vault-0" },
      subject: it.identity.metadata.uid,
      action: "secrets/read",
      resource: VAULT,
      role: "secrets-reader",
      assignment: "payments/orders-reads",
      scope: VAULT_SCOPE,
    });
  });

  test("a denial: why", async () => {
    const it = await shop();
    await ask(it, await asService(it), { action: { name: "secrets/write" } });
    expect(it.audit.at(-1)).toMatchObject({ event: "decision", decision: "denied", reason: "ActionNotGranted" });
    expect(it.audit.at(-1)).not.toHaveProperty("assignment");
  });

  test("each decision of a batch", async () => {
    const it = await shop();
    const evaluations = ["secrets/read", "secrets/write"].map((name) => ({ action: { name } }));
    const subject = { type: "managed_identity", id: it.identity.metadata.uid };
    const body = JSON.stringify({ subject, resource: { type: "resource", id: VAULT }, evaluations });
    const headers = { ...(await asService(it)), "content-type": "application/json" };
    await it.post("/access/v1/evaluations", body, headers);
    expect(it.audit.map(({ decision }) => decision)).toEqual(["allowed", "denied"]);
  });

  test("an introspection: who asked, about which token, and the assignment that it stands on", async () => {
    const it = await shop();
    const token = await it.accessToken();
    const headers = await asService(it);
    await it.post("/introspect", { token }, headers);
    const record = {
      event: "introspection",
      decision: "active",
      pod: { namespace: "payments", name: "vault-0" },
      principalId: it.identity.metadata.uid,
      jti: claimsOf(token).jti,
      audience: VAULT,
    };
    expect(it.audit.at(-1)).toMatchObject({ ...record, grants: [{ assignment: "payments/orders-reads" }] });
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.post("/introspect", { token }, headers);
    expect(it.audit.at(-1)).toMatchObject({ ...record, decision: "inactive" });
    expect(it.audit.at(-1)).not.toHaveProperty("grants");
  });

  test("an introspection by the token itself", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await it.post("/introspect", { token }, { authorization: `Bearer ${token}` });
    expect(it.audit.at(-1)).toMatchObject({
      event: "introspection",
      decision: "active",
      principalId: it.identity.metadata.uid,
    });
    expect(it.audit.at(-1)).not.toHaveProperty("pod");
  });

  test("but not that a pod's own token is still good, which its sidecar asks all the time", async () => {
    const it = await shop();
    const token = await it.accessToken();
    const written = it.audit.length;
    const headers = { authorization: `Bearer ${it.subjectToken}` };
    await it.post("/introspect", { token }, headers);
    expect(it.audit.length).toBe(written);
    await it.world.delete(roleAssignments, "payments/orders-reads");
    await it.post("/introspect", { token }, headers);
    expect(it.audit.at(-1)).toMatchObject({ event: "introspection", decision: "inactive" });
  });

  test("never a token that somebody put into a question", async () => {
    const it = await shop();
    const token = await it.accessToken();
    const headers = await asService(it);
    await ask(it, headers, { subject: { type: "managed_identity", id: token.slice(0, 500) } });
    await ask(it, headers, { resource: { type: "resource", id: token.slice(0, 500) } });
    expect(it.audit.at(-1)).toMatchObject({ resource: "(a token)" });
    expect(JSON.stringify(it.audit)).not.toContain("eyJ");
  });
});

test("every record keeps to the documented schema", async () => {
  const it = await shop();
  const [token, headers] = [await it.accessToken(), await asService(it)];
  await it.exchange({ audience: "https://unknown.svc" });
  await it.exchange({ subject_token: "hello" });
  await it.get("/identities");
  await it.get("/status-lists/none");
  await it.post("/introspect", { token }, headers);
  await it.post("/introspect", { token }, { authorization: `Bearer ${token}` });
  await it.post("/introspect", { token: "x" }, { authorization: "Bearer x" });
  await ask(it, headers);
  await ask(it, headers, { resource: { type: "secret", id: VAULT, properties: { subresource: "secrets/a" } } });
  await ask(it, headers, { subject: { type: "managed_identity", id: "nobody" } });
  await ask(it, headers, { action: { name: "*" } });
  await ask(it, {});
  const events = it.audit.map((record) => auditRecordSchema.parse(record).event);
  expect(new Set(events)).toEqual(new Set(["token", "request", "introspection", "decision"]));
});

describe("which records are equal", () => {
  const one = async (act: (it: Shop) => Promise<unknown>): Promise<AuditRecord[]> => {
    const it = await shop();
    await act(it);
    return it.audit;
  };
  const keys = (records: readonly AuditRecord[]) => new Set(records.map(repeatKey));

  test("no two tokens", async () => {
    const records = await one(async (it) => {
      for (let count = 0; count < 3; count++) await it.exchange();
    });
    expect(records.map(repeatKey)).toEqual([undefined, undefined, undefined]);
  });

  test("the same question again, and no other", async () => {
    const records = await one(async (it) => {
      const headers = await asService(it);
      for (let count = 0; count < 3; count++) await ask(it, headers);
      await ask(it, headers, { action: { name: "secrets/write" } });
    });
    expect(keys(records).size).toBe(2);
  });

  test("no two refusals of requests that prove nothing, which RefusalDigest has counted", async () => {
    const records = await one(async (it) => {
      await it.exchange({ subject_token: "hello" });
      await it.post("/introspect", { token: "x" }, { authorization: "Bearer x" });
    });
    expect(records.map(repeatKey)).toEqual([undefined, undefined]);
  });

  test("the same refusal of a pod again", async () => {
    const records = await one(async (it) => {
      for (let count = 0; count < 3; count++) await it.exchange({ audience: "https://unknown.svc" });
    });
    expect([keys(records).size, keys(records).has(undefined)]).toEqual([1, false]);
  });

  test.each([
    ["all", [true, true, true, true]],
    ["denied", [true, false, true, false]],
  ] as const)("with audit.decisions: %s", async (decisions, written) => {
    const records = await one(async (it) => {
      const [token, headers] = [await it.accessToken(), await asService(it)];
      await ask(it, headers);
      await ask(it, headers, { action: { name: "secrets/write" } });
      await it.post("/introspect", { token }, headers);
    });
    expect(records.map(({ event, decision }) => `${event} ${decision}`)).toEqual([
      ...["token issued", "decision allowed", "decision denied", "introspection active"],
    ]);
    expect(records.map((record) => isWritten(record, decisions))).toEqual(written);
  });
});
