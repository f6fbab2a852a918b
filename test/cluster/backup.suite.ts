import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { ofKind, render, withFile } from "../charts/chart.ts";
import { codeBlocks } from "../docs/markdown.ts";
import { findPrograms, type Programs } from "./build.ts";
import { type Ended, run } from "./cli/person.ts";
import { openVault, type Vaults } from "./open-vaults.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, kubectlCommand, openTestCluster } from "./test-cluster.ts";

await openTestCluster();
const programs = findPrograms();

/** The commands of the page: what is saved, how it is written back, and how the vaults are adopted. */
const [save = "", restore = "", adopt = ""] = codeBlocks("docs/how-to/back-up-and-restore.md")
  .filter(({ info }) => info === "bash")
  .map(({ text }) => text);
const main = join(import.meta.dirname, "../../cli/main.ts");

const objects = [
  {
    kind: "ManagedIdentity",
    metadata: { name: "orders", namespace: "shop" },
    spec: { subjects: [{ serviceAccount: "orders" }] },
  },
  { kind: "RoleDefinition", metadata: { name: "secrets-reader" }, spec: { actions: ["secrets/read"] } },
  {
    kind: "ProtectedResource",
    metadata: { name: "payments-vault", namespace: "payments" },
    spec: { audiences: ["https://payments-vault.payments.svc"], vault: { softDeleteRetention: "7d" } },
  },
  {
    kind: "RoleAssignment",
    metadata: { name: "orders-reads", namespace: "payments" },
    spec: {
      ...{ principal: { managedIdentity: "orders", namespace: "shop" }, roleDefinition: "secrets-reader" },
      resource: "payments-vault",
    },
  },
].map((object) => ({ apiVersion: API_VERSION, ...object }));

describe.skipIf(programs === undefined)("the backup page, done", { timeout: 120_000 }, () => {
  let before: PrivateApiServer;
  let after: PrivateApiServer;
  let folder: string;
  let vaults: Vaults;

  beforeAll(async () => {
    if (programs === undefined) return;
    folder = await mkdtemp(join(tmpdir(), "lanyard-backup-"));
    [before, after] = [await installed(programs), await installed(programs)];
    for (const name of ["shop", "payments"]) await kubectl(before, "create", "namespace", name);
    await write(before, objects);
    vaults = await openVault(before, "payments-vault.payments.svc");
  }, 120_000);

  afterAll(async () => {
    await vaults?.close();
    await before?.remove();
    await after?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test("a vault on the first cluster holds a secret with two versions, and one that is deleted", async () => {
    await vaults.ask("PUT", "/secrets/db-password", { value: "first" });
    await vaults.ask("PUT", "/secrets/db-password", { value: "second", tags: { owner: "payments" } });
    await vaults.ask("PUT", "/secrets/old", { value: "old" });
    expect(await vaults.ask("DELETE", "/secrets/old")).toMatchObject({ status: 200 });
  });

  test("the page's commands save it, and the first cluster is gone", async () => {
    expect(await script(save, before)).toMatchObject({ code: 0 });
    await vaults.close();
    await before.remove();
  });

  test("they write it back into an empty cluster, where the secrets are orphaned and nobody is served them", async () => {
    expect(await script(restore, after)).toMatchObject({ code: 0 });
    vaults = await openVault(after, "payments-vault.payments.svc");
    expect(await vaults.ask("GET", "/secrets/db-password")).toMatchObject({ status: 404 });
    const listed = await script("lanyard vault list --orphaned", after);
    expect(listed.output).toMatch(/payments\/payments-vault .* 2 +1 .*another ProtectedResource has its name/);
  });

  test("an administrator who does not say that the namespace has the same owner is refused", async () => {
    const { code, errors } = await script("lanyard vault adopt payments/payments-vault", after);
    expect({ code, errors }).toMatchObject({ code: 2, errors: expect.stringContaining("another team now") });
  });

  test("adopted, the secrets are there through the API: each version, its tags, and the deleted one", async () => {
    expect(await script(adopt, after)).toMatchObject({ code: 0 });
    await expect.poll(async () => (await vaults.ask("GET", "/secrets")).body.value).toHaveLength(1);
    const newest = await vaults.ask("GET", "/secrets/db-password");
    expect(newest.body).toMatchObject({ value: "second", tags: { owner: "payments" } });
    const { body } = await vaults.ask("GET", "/secrets/db-password/versions");
    const first = body.value.map(({ id }: { id: string }) => id.split("/").at(-1));
    expect(first).toHaveLength(2);
    expect(await vaults.ask("POST", "/deletedsecrets/old/recover")).toMatchObject({ status: 200 });
    expect((await vaults.ask("GET", "/secrets/old")).body.value).toBe("old");
  });

  test("the identities and assignments are back", async () => {
    expect(await kubectl(after, "get", "roleassignments.lanyard.dev", "-n", "payments", "-o", "name")).toContain(
      "orders-reads",
    );
    expect(await kubectl(after, "get", "managedidentities.lanyard.dev", "-n", "shop", "-o", "name")).toContain(
      "orders",
    );
  });

  test("what is adopted is written by the vault alone: a version that is dropped leaves the object", async () => {
    for (let count = 0; count < 25; count++) await vaults.ask("PUT", "/secrets/db-password", { value: `new-${count}` });
    const keys = await kubectl(
      after,
      ...["get", "secrets", "--namespace=lanyard-vault", "-o", "json"],
      "--field-selector=type=lanyard.dev/vault-secret",
    );
    const data: { items: { data: object }[] } = JSON.parse(keys);
    expect(Math.max(...data.items.map((item) => Object.keys(item.data).length))).toBe(26);
  });

  /** Runs commands of the page as a person would, with `kubectl` and `lanyard` for one cluster. */
  async function script(commands: string, cluster: PrivateApiServer): Promise<Ended> {
    const quoted = kubectlCommand(cluster).map((word) => `'${word}'`);
    await program("kubectl", `exec ${quoted.join(" ")} "$@"`);
    await program("lanyard", `exec '${process.execPath}' '${main}' "$@"`);
    const text = `cd '${folder}'\n${commands}`;
    return run(["bash", "-euo", "pipefail", "-c", text], {
      ...{ KUBECONFIG: cluster.kubeconfig, PATH: `${folder}${delimiter}${process.env.PATH}` },
    });
  }

  async function program(name: string, line: string): Promise<void> {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n${line}\n`);
    await chmod(file, 0o755);
  }
});

/** An API server with the kinds and guards of the chart, as after an install with vaults. */
async function installed(built: Programs): Promise<PrivateApiServer> {
  const server = await PrivateApiServer.start(built);
  const chart = await render({ values: { vault: { enabled: true } } });
  for (const namespace of ["lanyard-system"]) await kubectl(server, "create", "namespace", namespace);
  await write(server, [...ofKind(chart, "CustomResourceDefinition"), ...ofKind(chart, "Namespace")]);
  const crds = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
  await kubectl(server, "wait", "--for=condition=Established", "--timeout=30s", ...crds);
  await write(server, [
    ...ofKind(chart, "ValidatingAdmissionPolicy"),
    ...ofKind(chart, "ValidatingAdmissionPolicyBinding"),
  ]);
  return server;
}

function write(server: PrivateApiServer, items: readonly object[]): Promise<string> {
  return withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items }), (file) =>
    kubectl(server, "apply", "--server-side", `--filename=${file}`),
  );
}
