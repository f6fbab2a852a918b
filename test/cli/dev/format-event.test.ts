import { describe, expect, test } from "vitest";
import type { DevEvent } from "../../../cli/dev/events.ts";
import { formatEvent, plainDisplay } from "../../../cli/dev/format-event.ts";
import type { TokenRecord } from "../../../identity/audit-records.ts";

const now = new Date(2026, 10, 22, 9, 5, 7);

const issued: TokenRecord = {
  ...{ schema: "lanyard.dev/audit/v1", event: "token" },
  ...{ time: "2026-11-22T09:05:07.000Z", traceId: "t", endpoint: "POST /oauth2/token", decision: "issued" },
  ...{ identity: "/namespaces/shop/managedIdentities/orders", audience: "https://vault.shop.svc" },
  ...{ roles: ["reader", "writer"], expiresAt: "2026-11-22T10:05:07.000Z", sourceAddress: "127.0.0.1" },
};

const accessed = {
  ...({ schema: "lanyard.dev/audit/v1", event: "secret" } as const),
  ...{ time: "2026-11-22T09:05:07.000Z", traceId: "t", operation: "GetSecret", vault: "payments/v", secret: "key" },
  ...{ identity: "/namespaces/shop/managedIdentities/orders", sourceAddress: "127.0.0.1" },
};

const row = {
  type: "UserAssigned",
  ...{ name: "shop/orders", clientId: "c", principalId: "p", resourceId: "r" },
  usedBy: ["shop/orders", "shop/checkout"],
} as const;

describe("what a person reads", () => {
  test("a terminal that is too narrow for the table shows a block for each identity", () => {
    const display = { ...plainDisplay, columns: 60 };
    expect(formatEvent({ event: "identities", identities: [row, { ...row, usedBy: [] }] }, now, display)).toBe(
      [
        "",
        "Identity shop/orders (UserAssigned), used by shop/orders, shop/checkout",
        "  client id     c",
        "  principal id  p",
        "",
        "Identity shop/orders (UserAssigned), used by nobody",
        "  client id     c",
        "  principal id  p",
      ].join("\n"),
    );
  });

  test.each<[DevEvent, string]>([
    [{ event: "started", issuer: "http://127.0.0.1:1", tenantId: "t" }, "Issuer http://127.0.0.1:1, tenant t"],
    [{ event: "identities", identities: [] }, "\nNo managed identities yet: add one to the files."],
    [
      { event: "identities", identities: [row, { ...row, name: "shop/web", type: "SystemAssigned", usedBy: [] }] },
      [
        "",
        "IDENTITY      TYPE             CLIENT ID   PRINCIPAL ID   USED BY",
        "shop/orders   UserAssigned     c           p              shop/orders, shop/checkout",
        "shop/web      SystemAssigned   c           p              nobody",
      ].join("\n"),
    ],
    [
      { event: "token", as: "shop/orders", record: issued },
      "09:05:07 token    shop/orders → /namespaces/shop/managedIdentities/orders for https://vault.shop.svc (roles reader, writer, until 2026-11-22T10:05:07.000Z)",
    ],
    [
      {
        event: "vault",
        vault: "payments/v",
        url: "https://localhost:1",
        environment: { VAULT_URL: "https://localhost:1" },
      },
      "\nVault payments/v at https://localhost:1:\n  export VAULT_URL=https://localhost:1",
    ],
    [
      { event: "secret", record: { ...accessed, decision: "allowed", status: 200, role: "secrets-reader" } },
      "09:05:07 secret   /namespaces/shop/managedIdentities/orders → GetSecret payments/v/key: 200 (role secrets-reader)",
    ],
    [
      { event: "secret", record: { ...accessed, decision: "refused", status: 403, reason: "ActionNotGranted" } },
      "09:05:07 refused  /namespaces/shop/managedIdentities/orders → GetSecret payments/v/key: 403 (ActionNotGranted)",
    ],
    [
      { event: "refused", as: "shop/orders", code: "NoIdentity", sentence: "Nobody.", audience: "https://x" },
      "09:05:07 refused  shop/orders for https://x: NoIdentity: Nobody.",
    ],
    [
      { event: "refused", as: "shop/orders", code: "NoIdentity", sentence: "Nobody." },
      "09:05:07 refused  shop/orders: NoIdentity: Nobody.",
    ],
    [
      { event: "problems", problems: [{ file: "a.yaml", line: 2, column: 3, field: "spec", message: "is required" }] },
      "a.yaml:2:3: spec: is required\nNothing was applied: the last good state keeps serving.",
    ],
    [
      {
        event: "applied",
        changes: [
          { action: "created", object: "Pod a/b" },
          { action: "deleted", object: "Pod a/c" },
        ],
      },
      "09:05:07 applied  Pod a/b created\n         applied  Pod a/c deleted",
    ],
    [{ event: "identity", change: "deleted", identity: row }, "09:05:07 identity shop/orders deleted (principal p)"],
    [
      { event: "condition", object: "RoleAssignment a/b", ready: true, reason: "Ready", message: "" },
      "09:05:07 ready    RoleAssignment a/b",
    ],
    [
      { event: "condition", object: "RoleAssignment a/b", ready: false, reason: "Expired", message: "Gone." },
      "09:05:07 waiting  RoleAssignment a/b: Expired: Gone.",
    ],
    [{ event: "notice", message: "Hm." }, "09:05:07 note     Hm."],
  ])("%j", (event, expected) => expect(formatEvent(event, now)).toBe(expected));

  test.each([
    ["http://127.0.0.1:1/msi/token", "http://127.0.0.1:1/msi/token"],
    ["two words", "'two words'"],
    ["it's", "'it'\\''s'"],
    ["$HOME", "'$HOME'"],
    ["", "''"],
  ])("a shell reads the export line of %j as that very text", (value, quoted) => {
    const event: DevEvent = { event: "endpoint", as: "a/b", url: "u", environment: { NAME: value } };
    expect(formatEvent(event, now)).toBe(`\nA program that runs as a/b:\n  export NAME=${quoted}`);
  });

  test("a denial is red, and a token green", () => {
    const paint = (colour: string, text: string): string => `<${colour}>${text}</>`;
    const refused: DevEvent = { event: "refused", as: "a/b", code: "NoIdentity", sentence: "Nobody." };
    expect(formatEvent(refused, now, { ...plainDisplay, paint })).toBe(
      "09:05:07 <red>refused </> a/b: NoIdentity: Nobody.",
    );
    expect(formatEvent({ event: "token", as: "a/b", record: issued }, now, { ...plainDisplay, paint })).toMatch(
      /<green>token {3}<\/> a\/b/,
    );
  });
});
