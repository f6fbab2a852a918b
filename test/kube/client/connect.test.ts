import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { connect } from "../../../kube/client/connect.ts";

describe("connect, with a kubeconfig", () => {
  let folder: string;
  let url: string;
  let asked: IncomingHttpHeaders[];
  let httpStatus: number;
  const server = createServer((request, response) => {
    asked.push(request.headers);
    response.writeHead(httpStatus).end(JSON.stringify({ major: "1", minor: "34+", gitVersion: "v1.34.4" }));
  });

  beforeEach(async () => {
    asked = [];
    httpStatus = 200;
    folder = await mkdtemp(join(tmpdir(), "lanyard-connect-"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const kubeconfig = async (user: object): Promise<string> => {
    const file = join(folder, "kubeconfig");
    // client-node speaks to a server without TLS only when told so.
    const cluster = { server: url, "insecure-skip-tls-verify": true };
    const content = {
      ...{ apiVersion: "v1", kind: "Config", "current-context": "shop" },
      clusters: [{ name: "local", cluster }],
      users: [{ name: "me", user }],
      contexts: [
        { name: "shop", context: { cluster: "local", user: "me", namespace: "shop" } },
        { name: "payments", context: { cluster: "local", user: "me", namespace: "payments" } },
        { name: "broken", context: { cluster: "elsewhere", user: "me" } },
      ],
    };
    await writeFile(file, stringify(content));
    return file;
  };
  /** A plugin that gives another token each time it is run. */
  const execPlugin = async (expirationTimestamp?: string): Promise<object> => {
    const script = join(folder, "plugin.mjs");
    const status = { ...(expirationTimestamp === undefined ? {} : { expirationTimestamp }) };
    await writeFile(
      script,
      `import { appendFileSync, readFileSync } from "node:fs";
       appendFileSync(${JSON.stringify(`${script}.runs`)}, "x");
       const token = "run-" + readFileSync(${JSON.stringify(`${script}.runs`)}, "utf8").length;
       const apiVersion = "client.authentication.k8s.io/v1", kind = "ExecCredential";
       console.log(JSON.stringify({ apiVersion, kind, status: { token, ...${JSON.stringify(status)} } }));`,
    );
    return { exec: { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: [script] } };
  };

  test("takes its server, its token and its namespace", async () => {
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }), version: "1.2.3" });
    expect(await client.serverVersion()).toEqual({ major: 1, minor: 34 });
    expect(await client.raw("/version")).toMatchObject({ gitVersion: "v1.34.4" });
    expect(client.namespace).toBe("shop");
    expect(asked[0]).toMatchObject({ authorization: "Bearer secret", "user-agent": "lanyard/1.2.3" });
    await client.close();
  });

  test("takes another context by name", async () => {
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }), context: "payments" });
    expect(client.namespace).toBe("payments");
    await client.close();
  });

  test.each([
    ["paymets", 'The kubeconfig has no context "paymets". Did you mean "payments"?'],
    ["broken", 'The kubeconfig has no cluster "elsewhere", which "broken" names.'],
  ])("says what is wrong with the context %s", async (context, message) => {
    await expect(connect({ kubeconfig: await kubeconfig({}), context })).rejects.toThrow(message);
  });

  test("a kubeconfig comes before the pod's own account", async () => {
    const environment = { KUBERNETES_SERVICE_HOST: "10.96.0.1" };
    const client = await connect({ kubeconfig: await kubeconfig({ token: "secret" }), environment });
    await client.raw("/version");
    expect(asked[0]?.authorization).toBe("Bearer secret");
    await client.close();
  });

  test("runs an exec plugin once, and again when its token was not taken", async () => {
    const client = await connect({ kubeconfig: await kubeconfig(await execPlugin()) });
    await client.raw("/version");
    httpStatus = 401;
    await expect(client.raw("/version")).rejects.toMatchObject({ reason: "Unauthorized" });
    httpStatus = 200;
    await client.raw("/version");
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer run-1", "Bearer run-1", "Bearer run-2"]);
    await client.close();
  });

  test("runs it again when its token has expired", async () => {
    const client = await connect({ kubeconfig: await kubeconfig(await execPlugin("2001-01-01T00:00:00Z")) });
    await client.raw("/version");
    await client.raw("/version");
    expect(asked.map(({ authorization }) => authorization)).toEqual(["Bearer run-1", "Bearer run-2"]);
    await client.close();
  });

  test("a plugin that fails is a StatusError that says so", async () => {
    const user = {
      exec: { command: process.execPath, args: ["-e", "console.error('log in first'); process.exit(1)"] },
    };
    const client = await connect({ kubeconfig: await kubeconfig(user) });
    await expect(client.raw("/version")).rejects.toMatchObject({
      reason: "Unauthorized",
      message: expect.stringContaining("log in first"),
    });
    await client.close();
  });
});
