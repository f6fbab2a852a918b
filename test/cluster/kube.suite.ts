import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { describeKubeApi } from "../kube/contract.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

const cluster = await openTestCluster();

describe.skipIf(cluster === undefined)("a real API server", () => {
  let client: ClusterClient;

  beforeAll(async () => {
    if (cluster === undefined) return;
    await kubectl(cluster, "apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    const names = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);
    await kubectl(cluster, "wait", "--for=condition=Established", "--timeout=30s", ...names);
    client = await connect(cluster);
  });
  afterAll(() => client?.close());

  describeKubeApi("is a KubeApi", async () => client.api);
});
