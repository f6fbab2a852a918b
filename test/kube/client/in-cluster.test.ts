import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inClusterAccess, isInCluster } from "../../../kube/client/in-cluster.ts";

const environment = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };

describe("in a pod", () => {
  let folder: string;
  const write = (name: string, content: string) => writeFile(join(folder, name), content);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lanyard-in-cluster-"));
    await Promise.all([write("token", "first\n"), write("ca.crt", "CA"), write("namespace", "lanyard-system")]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test.each([
    ["10.96.0.1", "https://10.96.0.1/"],
    ["fd00::1", "https://[fd00::1]/"],
  ])("the API server is where the kubelet says: %s", async (host, server) => {
    const access = await inClusterAccess({ ...environment, KUBERNETES_SERVICE_HOST: host }, folder);
    expect(access.server.href).toBe(server);
    expect(access.namespace).toBe("lanyard-system");
  });

  test("a token that the kubelet renewed counts from the next request on", async () => {
    const access = await inClusterAccess(environment, folder);
    expect(await access.credentials()).toEqual({ ca: "CA", headers: { authorization: "Bearer first" } });
    await write("token", "second");
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer second" });
  });

  test("is where the environment names a host", () => {
    expect([isInCluster(environment), isInCluster({}), isInCluster({ KUBERNETES_SERVICE_HOST: "" })]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
