import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { explainClusterError } from "../../../cli/cluster/explain-error.ts";
import { connect } from "../../../kube/client/connect.ts";
import { kubeconfigAccess } from "../../../kube/client/kubeconfig.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lanyard-kubeconfig-"));
  onTestFinished(() => rm(folder, { recursive: true }));
});

interface Config {
  readonly server?: string;
  readonly name?: string;
  readonly current?: string;
  readonly user?: object;
}

/** A kubeconfig with one cluster, user and context of one name. */
const kubeconfig = ({ server, name = "a", current = name, user = {} }: Config): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": current,
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `of-${name}` } }],
  });

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const listed = (...files: readonly string[]) => kubeconfigAccess({}, { KUBECONFIG: files.join(delimiter) });

describe("the files of KUBECONFIG", () => {
  test.each([
    ["the last is missing", (one: string) => [one, join(folder, "missing")]],
    ["the first is missing", (one: string) => [join(folder, "missing"), one]],
    ["one is named twice, and one is empty text", (one: string) => [one, "", one]],
  ])("are read where %s", async (_, files) => {
    const one = await file("one", kubeconfig({ server: "https://one.test:6443" }));
    expect((await listed(...files(one))).server.host).toBe("one.test:6443");
  });

  test("are merged: the first that has a name or a current context wins", async () => {
    const one = await file("one", kubeconfig({ server: "https://one.test", current: "" }));
    const two = await file("two", kubeconfig({ server: "https://two.test", name: "b" }));
    const again = await file("again", kubeconfig({ server: "https://again.test", name: "a" }));
    const b = await listed(one, two, again);
    expect([b.server.host, b.namespace]).toEqual(["two.test", "of-b"]);
    const a = await kubeconfigAccess({ context: "a" }, { KUBECONFIG: [one, two, again].join(delimiter) });
    expect(a.server.host).toBe("one.test");
  });

  test.each([
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    ["Windows line ends", (text: string) => JSON.stringify(JSON.parse(text), undefined, 2).replaceAll("\n", "\r\n")],
  ])("may have %s", async (_, written) => {
    const one = await file("one", written(kubeconfig({ server: "https://one.test" })));
    expect((await listed(one)).server.host).toBe("one.test");
  });

  test("may be empty", async () => {
    const one = await file("one", kubeconfig({ server: "https://one.test" }));
    expect((await listed(await file("empty", ""), one)).server.host).toBe("one.test");
  });

  test.each<[string, () => Promise<string>, string]>([
    ["none exists", async () => join(folder, "missing"), "KUBECONFIG names no file that exists"],
    ["one is a directory", async () => folder, "EISDIR"],
    ["one is not a kubeconfig", () => file("bad", "clusters: ["), "is not a kubeconfig"],
    ["all are empty", () => file("empty", ""), "has no current context"],
    ["the server is missing", () => file("one", kubeconfig({})), "server is missing"],
    ["the server has another scheme", () => file("one", kubeconfig({ server: "unix:///x" })), "is not an http(s) URL"],
    [
      "the context is missing",
      () => file("one", kubeconfig({ current: "aa", server: "https://x" })),
      'Did you mean "a"?',
    ],
  ])("are refused with the reason where %s", async (_, path, says) => {
    await expect(listed(await path())).rejects.toThrow(says);
  });

  test("are refused where the context names a user that there is not", async () => {
    const config = JSON.parse(kubeconfig({ server: "https://one.test" })) as { users: object[] };
    config.users = [];
    await expect(listed(await file("one", JSON.stringify(config)))).rejects.toThrow('has no user "a", which "a" names');
  });
});

describe("a cluster over plain HTTP", () => {
  test("is asked, as kubectl does it", async () => {
    const server = createServer((_, response) => response.end('{"major":"1","minor":"34"}')).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const path = await file("one", kubeconfig({ server: `http://127.0.0.1:${port}` }));
    const client = await connect({ kubeconfig: path });
    expect(await client.serverVersion()).toEqual({ major: 1, minor: 34 });
    await client.close();
  });

  test("gets no credentials over a network, and a person is told so", async () => {
    const path = await file("one", kubeconfig({ server: "http://cluster.test", user: { token: "secret" } }));
    const access = await kubeconfigAccess({ kubeconfig: path });
    const error = await access.credentials().catch((thrown: unknown) => thrown);
    expect(explainClusterError(error)).toMatch(/^The kubeconfig reaches cluster "a" over plain HTTP/);
    expect(explainClusterError(error)).not.toContain("does not know who you are");
  });
});

test("an exec plugin that fails is named, and not taken for a refusal of the cluster", async () => {
  const exec = { apiVersion: "client.authentication.k8s.io/v1", command: join(folder, "no-such-plugin") };
  const path = await file("one", kubeconfig({ server: "https://cluster.test", user: { exec } }));
  const error = await (await kubeconfigAccess({ kubeconfig: path })).credentials().catch((thrown: unknown) => thrown);
  expect(explainClusterError(error)).toMatch(/^The kubeconfig gives no credentials: .*no-such-plugin/s);
});
