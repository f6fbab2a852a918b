import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type FirstSecret, parseFirstSecret, putFirstSecrets } from "../../../cli/dev/first-secrets.ts";
import { secrets } from "../../../kube/cluster-kinds.ts";
import { allKinds } from "../../../kube/kinds.ts";
import { storedSecrets } from "../../../vault/storage/stored-secret.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { World } from "../../support/world.ts";
import { temporaryDirectory } from "./dev-world.ts";

const namespace = "lanyard-vault";

async function put(content: string | Uint8Array, changes: Partial<FirstSecret> = {}) {
  const world = await World.create(new FakeClock(), [...allKinds, secrets]);
  await world.namespace(namespace);
  await world.resource("payments/vault", "https://vault.payments.svc", { vault: {} });
  await world.resource("payments/service", "https://service.payments.svc");
  const file = join(await temporaryDirectory(), "value");
  await writeFile(file, content);
  const secret = { namespace: "payments", vault: "vault", name: "db-password", file, ...changes };
  await putFirstSecrets([secret], { api: world.api, clock: world.clock, namespace });
  return (await world.api.list(storedSecrets, { namespace })).items.map((one) => one.secret);
}

describe("what --secret says", () => {
  test("is a secret of a vault, and the file of its value", () => {
    expect(parseFirstSecret("payments/vault/db-password=a=b.txt")).toEqual({
      ...{ namespace: "payments", vault: "vault", name: "db-password", file: "a=b.txt" },
    });
  });

  test.each([
    "",
    "payments/vault/db-password",
    "payments/vault/db-password=",
    "vault/db-password=a.txt",
    "payments/vault/db-password/0123=a.txt",
    "payments/../db-password=a.txt",
    "payments/vault/db_password=a.txt",
    "PAYMENTS/vault/db-password=a.txt",
  ])("is refused when it is %j", (text) => {
    expect(parseFirstSecret(text)).toEqual({ problem: expect.stringContaining("NAMESPACE/VAULT/NAME=FILE") });
  });
});

describe("the value of a first secret", () => {
  test.each([
    ["hunter2", "hunter2"],
    ["hunter2\n", "hunter2"],
    ["hunter2\r\n", "hunter2"],
    ["two\nlines\n\n", "two\nlines\n"],
    ["\uFEFFwith a mark", "\uFEFFwith a mark"],
    ["", ""],
  ])("is the file's, without its last line break: %j", async (content, value) => {
    expect(await put(content)).toMatchObject([
      { name: "db-password", vault: { namespace: "payments", name: "vault" }, versions: [{ value, enabled: true }] },
    ]);
  });

  test.each<[string, string | Uint8Array, Partial<FirstSecret>, RegExp]>([
    ["of no vault", "a", { vault: "valt" }, /no file has a vault payments\/valt$/],
    ["of a service that is no vault", "a", { vault: "service" }, /no file has a vault payments\/service$/],
    ["in no file", "a", { file: "/nowhere/value" }, /\/nowhere\/value cannot be read \(ENOENT\)$/],
    ["that is no text", Uint8Array.of(0xff, 0x00), {}, /is no text in UTF-8/],
    ["that is too long", "x".repeat(25 * 1024 + 1), {}, /expected at most 25600 bytes/],
  ])("%s is wrong use, which never shows the value", async (_named, content, changes, message) => {
    await expect(put(content, changes)).rejects.toMatchObject({
      name: "UsageError",
      message: expect.stringMatching(message),
    });
  });
});
