import { describe, expect, test } from "vitest";
import { auditRecordSchema } from "../../identity/audit-records.ts";
import { repeatKey } from "../../vault/audit.ts";
import { vaultWorld } from "./vault-world.ts";

describe("the audit trail", () => {
  test("says who did what to which version, by which role, or why not", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    const trace = ["traceparent", `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`];
    const set = await it.ask("PUT /secrets/key", { token, body: { value: "hunter2" }, headers: trace });
    await it.ask("GET /secrets/key", { token: await it.tokenOf("shop/stranger") });
    await it.ask("GET /secrets/key", { token: "not-a-token" });
    expect(set.headers["x-ms-request-id"]).toBe("ab".repeat(16));
    expect(it.audited).toMatchObject([
      {
        traceId: "ab".repeat(16),
        operation: "SetSecret",
        decision: "allowed",
        status: 200,
        vault: "payments/payments-vault",
        secret: "key",
        version: set.body.id.split("/").at(-1),
        identity: "/namespaces/payments/managedIdentities/admin",
        pod: { namespace: "payments", name: "admin-1" },
        role: "owner",
        assignment: "payments/admin",
        sourceAddress: "127.0.0.1",
      },
      { operation: "GetSecret", decision: "refused", status: 403, secret: "key", reason: "ActionNotGranted" },
      { operation: "none", decision: "refused", status: 401, reason: "Unauthorized" },
    ]);
  });

  test("keeps to the documented schema", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value: "x" } });
    await it.ask("GET /secrets", { token });
    await it.ask("GET /secrets/none", { token });
    await it.ask("GET /secrets/key", { token: await it.tokenOf("shop/stranger") });
    await it.ask("GET /secrets/key", { token: "not-a-token" });
    await it.ask("PATCH /nowhere", { token });
    expect(it.audited.map((record) => auditRecordSchema.parse(record).event)).toEqual(it.audited.map(() => "secret"));
  });

  test("counts refusals of strangers together, and no two accesses", async () => {
    const it = await vaultWorld();
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value: "x" } });
    for (let count = 0; count < 3; count++)
      await it.ask(`GET /secrets/key-${count}`, { token: `not-a-token-${count}` });
    const [access, ...refusals] = it.audited.map(repeatKey);
    expect([access, new Set(refusals).size]).toEqual([undefined, 1]);
  });

  test("neither it nor the log ever holds a value or a token", async () => {
    const it = await vaultWorld();
    const value = "correct-horse-battery";
    const token = await it.tokenOf("payments/admin");
    await it.ask("PUT /secrets/key", { token, body: { value, tags: { note: value } } });
    await it.ask("PUT /secrets/key", { token, body: { value, tags: value } });
    await it.ask("PUT /secrets/key", { token, body: `{"value":"${value}"` });
    await it.ask(`PUT /secrets/${value}_`, { token, body: { value } });
    await it.ask("GET /secrets/key", { token });
    await it.ask("GET /secrets/key", { token: `${token}x` });
    await it.ask("DELETE /secrets/key", { token });
    const written = JSON.stringify([it.audited, it.vaultLogged]);
    expect(it.audited.length).toBe(7);
    expect(written).not.toContain(value);
    expect(written).not.toMatch(/eyJ/);
  });
});
