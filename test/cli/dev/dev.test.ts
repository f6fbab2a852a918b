import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { ManifestError, startDev } from "../../../cli/dev/dev.ts";
import { UsageError } from "../../../cli/usage-error.ts";
import { askForToken, devWorld, reference, temporaryDirectory } from "./dev-world.ts";
import { assignment, deployment, identity, VAULT, vault } from "./shop-files.ts";

/** How long a busy machine may take. */
const LOADED = { timeout: 20_000 };
const everything = { "identity.yaml": identity, "vault.yaml": vault, "assignment.yaml": assignment };

describe("at the start", () => {
  test("everyone in the files has an endpoint", async () => {
    const { dev } = await devWorld({ ...everything, "web.yaml": deployment });
    expect(dev.endpoints.map(({ as }) => as).sort()).toEqual(["shop/Deployment/web", "shop/orders"]);
  });

  test("whoever may have a token gets one, and it is told", async () => {
    const world = await devWorld(everything);
    const answer = await askForToken(world.endpoint("shop/orders"), VAULT);
    expect(answer.status).toBe(200);
    expect(decodeJwt(String(answer.body.access_token))).toMatchObject({ roles: ["secrets-reader"], aud: VAULT });
    expect(await world.events.next("token", undefined, 0)).toMatchObject({ as: "shop/orders" });
  });

  test("without a role assignment there is no token, and the reason is told", async () => {
    const world = await devWorld({ "identity.yaml": identity, "vault.yaml": vault });
    expect((await askForToken(world.endpoint("shop/orders"), VAULT)).status).toBe(403);
    expect(await world.events.next("refused", undefined, 0)).toMatchObject({
      as: "shop/orders",
      code: "RoleAssignmentRequired",
      audience: VAULT,
    });
  });

  test("no file is needed: whom --as names is made", async () => {
    const { dev, events } = await devWorld({}, { files: [], as: [reference("shop/Deployment/web")] });
    expect(dev.endpoints.map(({ as }) => as)).toEqual(["shop/Deployment/web"]);
    expect(await events.next("notice", undefined, 0)).toMatchObject({
      message: "no file has Deployment shop/web: made a Deployment with a system-assigned identity of that name.",
    });
  });

  test("a name of --as that is near to one in the files is made, with a hint", async () => {
    const { events } = await devWorld(everything, { as: [reference("shop/ordes")] });
    const { message } = await events.next("notice", undefined, 0);
    expect(message).toMatch(/Did you mean "shop\/orders"\?$/);
  });

  test("a ServiceAccount that only a ManagedIdentity names is made, and no other name is proposed", async () => {
    const { events } = await devWorld(
      { "identity.yaml": identity.split("---")[0] ?? "" },
      { as: [reference("shop/orders")] },
    );
    const { message } = await events.next("notice", undefined, 0);
    expect(message).toBe("no file has ServiceAccount shop/orders: made a ServiceAccount of that name.");
  });

  test("files without any object are worth a notice", async () => {
    const { events } = await devWorld({ "readme.txt": "hello" });
    expect((await events.next("notice", undefined, 0)).message).toMatch(/^no object in /);
  });

  test.each(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod"])(
    "a %s has its own identity",
    async (kind) => {
      const web = reference(`shop/${kind}/web`);
      const { dev } = await devWorld({ "vault.yaml": vault }, { as: [web] });
      const [endpoint] = dev.endpoints;
      if (endpoint === undefined) throw new Error("no endpoint");
      const answer = await askForToken(endpoint, VAULT);
      expect(answer).toMatchObject({ status: 403, body: {} });
      expect(JSON.stringify(answer.body)).toContain("has no role on");
    },
  );

  test.each([
    { tier: "front", status: 200 },
    { tier: "back", status: 403 },
  ])("a condition reads the labels that the template gives its pods: $tier, $status", async ({ tier, status }) => {
    const labelled = deployment
      .replace("spec: {}", "metadata: {labels: {tier: front}}")
      .replace("scope: /", `scope: /\n  condition: pod.labels.tier == "${tier}"`);
    const world = await devWorld({ "vault.yaml": vault, "web.yaml": labelled });
    expect((await askForToken(world.endpoint("shop/Deployment/web"), VAULT)).status).toBe(status);
  });

  test("files with a problem start nothing, and all problems are told", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "a.yaml"), identity.replace("subjects", "subjcts"));
    await writeFile(join(directory, "b.yaml"), "kind: [");
    const start = startDev({ files: [directory], as: [], report: () => undefined });
    await expect(start).rejects.toThrow(ManifestError);
    await expect(start).rejects.toMatchObject({ problems: { length: 2 } });
  });

  test("two endpoints take a port and the next; a port beyond the last is wrong use", async () => {
    const as = [reference("shop/a"), reference("shop/b")];
    const start = startDev({ files: [], as, port: 65_535, report: () => undefined });
    await expect(start).rejects.toThrow(UsageError);
  });
});

describe("while it serves", () => {
  test("an assignment that is added opens the door, and one that is removed closes it", async () => {
    const world = await devWorld({ "identity.yaml": identity, "vault.yaml": vault });
    await world.write({ "assignment.yaml": assignment });
    await world.events.next("condition", ({ object, ready }) => object === "RoleAssignment shop/orders-reads" && ready);
    expect((await askForToken(world.endpoint("shop/orders"), VAULT)).status).toBe(200);
    const removed = world.events.next("applied", ({ changes }) => changes.some(({ action }) => action === "deleted"));
    await world.remove("assignment.yaml");
    expect((await removed).changes).toEqual([{ action: "deleted", object: "RoleAssignment shop/orders-reads" }]);
  });

  test("a bad edit is told and changes nothing; the mended file counts", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await world.write({ "identity.yaml": identity.replace("subjects", "subjcts") });
    expect((await problems).problems).toMatchObject([{ line: 5, column: 3, field: "spec.subjcts" }]);
    expect((await askForToken(world.endpoint("shop/orders"), VAULT)).status).toBe(200);
    const applied = world.events.next("applied");
    await world.write({
      "identity.yaml": `${identity.replace("  - serviceAccount: orders", "  - serviceAccount: orders\n  - serviceAccount: reports")}`,
    });
    expect((await applied).changes).toEqual([{ action: "configured", object: "ManagedIdentity shop/orders" }]);
  });

  test("a file that is mended to what it was says that all is applied again", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await world.write({ "identity.yaml": "kind: [" });
    await problems;
    const applied = world.events.next("applied");
    await world.write({ "identity.yaml": identity });
    expect(await applied).toEqual({ event: "applied", changes: [], mended: true });
  });

  test("a broken file that is removed says so, too", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await world.write({ "broken.yaml": "kind: [" });
    await problems;
    const applied = world.events.next("applied");
    await world.remove("broken.yaml");
    expect(await applied).toEqual({ event: "applied", changes: [], mended: true });
  });

  test("an immutable field cannot change", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await world.write({ "assignment.yaml": assignment.replace("secrets-reader", "reader") });
    expect((await problems).problems).toMatchObject([{ field: "spec.roleDefinition", line: 6 }]);
  });

  test("a file that an editor replaces by renaming counts", async () => {
    const world = await devWorld({ "identity.yaml": identity });
    const appeared = world.events.next("identity", ({ identity: { name } }) => name === "shop/second");
    const draft = join(world.directory, ".identity.yaml.swp");
    await writeFile(draft, `${identity}---\n${identity.split("---")[0]?.replace("orders,", "second,")}`);
    await rename(draft, join(world.directory, "identity.yaml"));
    expect((await appeared).change).toBe("appeared");
  });

  test("a directory that is removed is a problem, and what was there keeps serving", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await rm(world.directory, { recursive: true });
    expect((await problems).problems).toMatchObject([{ message: "no such file or directory" }]);
    expect((await askForToken(world.endpoint("shop/orders"), VAULT)).status).toBe(200);
  });

  test("a directory that is made again is followed again", async () => {
    const world = await devWorld(everything);
    const problems = world.events.next("problems");
    await rm(world.directory, { recursive: true });
    await problems;
    const applied = world.events.next("applied");
    await mkdir(world.directory);
    await world.write({
      "more.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: more, namespace: shop}\n",
    });
    expect((await applied).changes).toContainEqual({ action: "created", object: "ServiceAccount shop/more" });
  });

  test("a workload that is deleted has no token any more, and made again it is another principal", async () => {
    const world = await devWorld({ "vault.yaml": vault, "web.yaml": deployment });
    const web = world.endpoint("shop/Deployment/web");
    const firstPod = web.podUid();
    const first = decodeJwt(String((await askForToken(web, VAULT)).body.access_token)).sub;
    const deleted = world.events.next("identity", ({ change }) => change === "deleted");
    await world.remove("web.yaml");
    expect((await deleted).identity.principalId).toBe(first);
    await expect.poll(async () => (await askForToken(web, VAULT)).status, LOADED).not.toBe(200);
    const again = world.events.next("identity", ({ change }) => change === "appeared");
    await world.write({ "web.yaml": deployment });
    const { principalId } = (await again).identity;
    expect(principalId).not.toBe(first);
    await expect.poll(() => web.podUid(), LOADED).not.toBe(firstPod);
    expect(decodeJwt(String((await askForToken(web, VAULT)).body.access_token)).sub).toBe(principalId);
  });

  test("a namespace that files still use outlives its own manifest", async () => {
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
    const world = await devWorld({ ...everything, "namespace.yaml": namespace });
    const applied = world.events.next("applied");
    await world.remove("namespace.yaml");
    await world.write({
      "more.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: more, namespace: shop}\n",
    });
    expect((await applied).changes).toEqual([{ action: "created", object: "ServiceAccount shop/more" }]);
  });
});

describe("--state", () => {
  test("keeps principal ids, the signing key and the issuer from run to run", async () => {
    const stateDirectory = await temporaryDirectory();
    const run = async (): Promise<{ sub: unknown; iss: unknown; keys: unknown }> => {
      const world = await devWorld(everything, { stateDirectory });
      const answer = await askForToken(world.endpoint("shop/orders"), VAULT);
      const keys = await (await fetch(`${world.dev.issuerUrl}/keys`)).json();
      await world.dev.stop();
      const { sub, iss } = decodeJwt(String(answer.body.access_token));
      return { sub, iss, keys };
    };
    expect(await run()).toEqual(await run());
  });

  test("is for its owner only, since it holds private keys", async () => {
    const stateDirectory = join(await temporaryDirectory(), "state");
    await devWorld({}, { stateDirectory });
    const modes = await Promise.all(
      ["", "keys.json", "state.json"].map(async (name) => (await stat(join(stateDirectory, name))).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  test("a directory that cannot be made is wrong use", async () => {
    const file = join(await temporaryDirectory(), "file");
    await writeFile(file, "");
    const start = startDev({ files: [], as: [], stateDirectory: join(file, "state"), report: () => undefined });
    await expect(start).rejects.toThrow(UsageError);
  });

  test("a file that lanyard dev did not write is wrong use", async () => {
    const stateDirectory = await temporaryDirectory();
    await writeFile(join(stateDirectory, "state.json"), "{");
    const start = startDev({ files: [], as: [], stateDirectory, report: () => undefined });
    await expect(start).rejects.toThrow(/delete it to start anew/);
  });
});
