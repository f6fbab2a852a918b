import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectl, openTestCluster } from "../cluster/test-cluster.ts";
import { render, withFile } from "./chart.ts";
import { podSpecs } from "./pods.ts";

const cluster = await openTestCluster();
const namespace = "lanyard-chart-test";
/** Names of its own, beside those of an install that may be on this cluster. */
const release = { namespace, values: { fullnameOverride: "chart-test" } };
const objects = await render(release);

const speak = (...args: readonly string[]): Promise<string> =>
  cluster === undefined ? Promise.reject(new Error("no cluster")) : kubectl(cluster, ...args);
const speakOf = (items: readonly unknown[], ...args: readonly string[]): Promise<string> =>
  withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items }), (file) => speak(...args, `--filename=${file}`));

describe.skipIf(cluster === undefined)("a real API server", () => {
  /** What makes a difference to what the server says to the rest; nothing of it runs. */
  const present = objects.filter(({ kind }) =>
    /^(Cluster)?Role(Binding)?$|^(ServiceAccount|PriorityClass)$/.test(kind),
  );

  beforeAll(async () => {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await speakOf(
      [{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }, ...present],
      "apply",
    );
  });
  afterAll(() => speakOf(present, "delete", "--ignore-not-found").then(() => speak("delete", "namespace", namespace)));

  test("takes every object", async () => {
    const taken = (await speakOf(objects, "apply", "--dry-run=server")).trim().split("\n");
    expect(taken).toHaveLength(objects.length);
  });

  test("takes every pod in a restricted namespace", async () => {
    const pods = podSpecs(objects).map(({ name, spec }) => ({
      ...{ apiVersion: "v1", kind: "Pod" },
      ...{ metadata: { name, namespace }, spec },
    }));
    expect((await speakOf(pods, "create", "--dry-run=server")).trim().split("\n")).toHaveLength(pods.length);
  });

  const everywhere = { namespace: "default" };
  const atHome = { namespace };
  test.each<[string, string, object, boolean]>([
    ["operator", "create secrets", atHome, true],
    ["operator", "get secrets/lanyard-ca", atHome, true],
    ["operator", "get secrets/lanyard-signing-keys", atHome, false],
    ["operator", "patch secrets/lanyard-signing-keys", atHome, false],
    ["operator", "list secrets", atHome, false],
    ["operator", "create secrets", everywhere, false],
    ["operator", "patch configmaps/lanyard-trust-bundle", everywhere, true],
    ["operator", "patch configmaps/app", everywhere, false],
    ["operator", "bind clusterroles/view", {}, true],
    ["operator", "bind clusterroles/cluster-admin", {}, false],
    ["operator", "create pods", everywhere, false],
    ["operator", "create serviceaccounts/token", everywhere, false],
    ["webhook", "get secrets/lanyard-webhook-serving", atHome, true],
    ["webhook", "get secrets/lanyard-issuer-serving", atHome, false],
    ["webhook", "get secrets/lanyard-signing-keys", atHome, false],
    ["webhook", "get secrets/lanyard-ca", atHome, false],
    ["webhook", "list namespaces", {}, true],
    ["webhook", "patch namespaces", {}, false],
    ["issuer", "get secrets/lanyard-signing-keys", atHome, true],
    ["issuer", "patch secrets/lanyard-signing-keys", atHome, false],
    ["issuer", "get secrets/lanyard-ca", atHome, false],
    ["issuer", "list pods", {}, true],
    ["issuer", "patch pods", everywhere, false],
  ])("asked whether the %s may %s in %j says %s", async (process, right, where, allowed) => {
    const [verb, resource = "", name] = right.split(/[ /]/);
    const group = resource === "clusterroles" ? "rbac.authorization.k8s.io" : "";
    const attributes = resource === "serviceaccounts" ? { resource, subresource: name } : { group, resource, name };
    const user = `system:serviceaccount:${namespace}:chart-test-${process}`;
    const groups = ["system:authenticated", "system:serviceaccounts"];
    const spec = { user, groups, resourceAttributes: { verb, ...attributes, ...where } };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    expect(await speakOf([review], "create", "--output=jsonpath={.status.allowed}")).toBe(String(allowed));
  });
});
