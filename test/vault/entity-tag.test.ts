import { expect, test } from "vitest";
import type { KubeApi } from "../../kube/api.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { type VaultWorld, vaultWorld } from "./vault-world.ts";

/** A secret that `shop/orders` has read, and how often objects were read from the API server since. */
async function known() {
  let reads = 0;
  const through = (api: KubeApi): KubeApi =>
    new Proxy(api, {
      get(target, name) {
        if (name === "get") reads += 1;
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  const it = await vaultWorld({ through });
  const admin = await it.tokenOf("payments/admin");
  await it.ask("PUT /secrets/db-password", { token: admin, body: { value: "hunter2" } });
  const token = await it.tokenOf("shop/orders");
  const { headers } = await it.ask("GET /secrets/db-password", { token });
  reads = 0;
  return { ...it, admin, token, etag: headers.etag ?? "", reads: () => reads };
}

const again = (it: Pick<VaultWorld, "ask">, token: string, etag: string, line = "GET /secrets/db-password") =>
  it.ask(line, { token, headers: ["if-none-match", etag] });

test("a client that has the secret already gets 304, and the API server is not asked for it", async () => {
  const it = await known();
  const { status, headers, body } = await again(it, it.token, it.etag);
  expect([status, headers.etag, body, it.reads()]).toEqual([304, it.etag, undefined, 0]);
  expect(it.audited.at(-1)).toMatchObject({ operation: "GetSecret", decision: "allowed", status: 304, version: /./ });
});

test.each<{ what: string; line: string; body?: object; expected: number }>([
  { what: "a new version", line: "PUT /secrets/db-password", body: { value: "x" }, expected: 200 },
  { what: "other tags", line: "PATCH /secrets/db-password/", body: { tags: { a: "b" } }, expected: 200 },
  {
    what: "a version that is disabled",
    line: "PATCH /secrets/db-password/",
    body: { attributes: { enabled: false } },
    expected: 403,
  },
  { what: "its deletion", line: "DELETE /secrets/db-password", expected: 404 },
])("after $what the answer is whole: $expected", async ({ line, body, expected }) => {
  const it = await known();
  expect((await it.ask(line, { token: it.admin, body })).status).toBe(200);
  expect((await again(it, it.token, it.etag)).status).toBe(expected);
});

test("a right that is gone is refused, whatever the client has", async () => {
  const it = await known();
  await it.world.delete(roleAssignments, "payments/orders");
  expect((await again(it, it.token, it.etag)).status).toBe(403);
});

test("the tag of one version is not that of another", async () => {
  const it = await known();
  const set = await it.ask("PUT /secrets/db-password", { token: it.admin, body: { value: "second" } });
  const listed: { id: string }[] = (await it.ask("GET /secrets/db-password/versions", { token: it.admin })).body.value;
  const first = listed.find(({ id }) => id !== set.body.id)?.id ?? "";
  const versions = [first, set.body.id].map((id) => new URL(id).pathname);
  const tags = await Promise.all(
    versions.map(async (path) => (await it.ask(`GET ${path}`, { token: it.admin })).headers.etag),
  );
  expect(new Set(tags).size).toBe(2);
  expect((await again(it, it.admin, tags[0] ?? "", `GET ${versions[1]}`)).status).toBe(200);
});
