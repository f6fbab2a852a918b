import { describe, expect, test } from "vitest";
import { auditToLog } from "../../issuer/audit.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { textLog } from "../support/issuer-world.ts";
import { jsonBody } from "../support/json-body.ts";
import { shop, VAULT } from "../support/shop.ts";

describe("the audit trail", () => {
  test("an issued token: who, which pod, for what, until when", async () => {
    const it = await shop();
    await it.exchange();
    expect(it.audit).toEqual([
      {
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
    expect(JSON.parse(lines[0] ?? "")).toEqual({ audit: it.audit[0], message: "token issued" });
  });
});
