import { describe, expect, test } from "vitest";
import type { ClusterApi } from "../../../kube/client/cluster-api.ts";
import { roleDefinitions, serviceAccounts } from "../../../kube/kinds.ts";
import { roleDefinition } from "../manifests.ts";
import { readWidget, widget, widgets } from "../widget.ts";
import { json, scriptedServer, status } from "./scripted-server.ts";

const key = { namespace: "shop", name: "one" };
const stored = readWidget("one", "7");
const applied = { fieldManager: "me", force: true };

describe("what the API server is asked", () => {
  test.each<[string, (api: ClusterApi) => Promise<unknown>, string, string]>([
    ["get", (api) => api.get(widgets, key), "GET", "/namespaces/shop/widgets/one"],
    ["create", (api) => api.create(widgets, widget("one")), "POST", "/namespaces/shop/widgets"],
    [
      "apply",
      (api) => api.apply(widgets, widget("one"), applied),
      "PATCH",
      "/namespaces/shop/widgets/one?fieldManager=me&force=true",
    ],
    [
      "apply without force",
      (api) => api.apply(widgets, widget("one"), { fieldManager: "me" }),
      "PATCH",
      "/namespaces/shop/widgets/one?fieldManager=me",
    ],
    [
      "applyStatus",
      (api) => api.applyStatus(widgets, widget("one", { spec: {}, status: { a: 1 } }), applied),
      "PATCH",
      "/namespaces/shop/widgets/one/status?fieldManager=me&force=true",
    ],
    ["delete", (api) => api.delete(widgets, key), "DELETE", "/namespaces/shop/widgets/one"],
  ])("%s", async (_, call, method, path) => {
    const { api, requests } = await scriptedServer(json(stored));
    await call(api);
    const [request] = requests;
    expect(`${request?.method} ${request?.url.pathname}${request?.url.search}`).toBe(
      `${method} /prefix/apis/example.com/v1${path}`,
    );
    expect(request?.headers).toMatchObject({ "user-agent": "lanyard/1.2.3", authorization: "Bearer token-0" });
  });

  test("a core kind, and one without a namespace", async () => {
    const { api, requests } = await scriptedServer(
      json({ ...stored, kind: "ServiceAccount" }),
      json({ ...stored, ...roleDefinition("reader"), metadata: { ...stored.metadata, namespace: undefined } }),
    );
    await api.get(serviceAccounts, key);
    await api.get(roleDefinitions, { name: "reader" });
    expect(requests.map(({ url }) => url.pathname)).toEqual([
      "/prefix/api/v1/namespaces/shop/serviceaccounts/one",
      "/prefix/apis/lanyard.dev/v1alpha1/roledefinitions/reader",
    ]);
  });

  test("an apply is an apply, and of a status nothing else is sent", async () => {
    const { api, requests } = await scriptedServer(json(stored));
    await api.applyStatus(widgets, widget("one", { spec: { a: 1 }, status: { b: 2 } }), applied);
    expect(requests[0]?.headers["content-type"]).toBe("application/apply-patch+yaml");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      ...{ apiVersion: "example.com/v1", kind: "Widget" },
      metadata: { namespace: "shop", name: "one" },
      status: { b: 2 },
    });
  });

  test("a delete with preconditions; its body is not taken for another request", async () => {
    const { api, requests } = await scriptedServer(json({}), json(stored));
    const preconditions = { uid: "u", resourceVersion: "7" };
    await api.delete(widgets, key, { preconditions });
    await api.get(widgets, key);
    expect(JSON.parse(requests[0]?.body ?? "")).toMatchObject({ kind: "DeleteOptions", preconditions });
    expect(requests.map(({ method, connection }) => [method, connection])).toEqual([
      ["DELETE", 0],
      ["GET", 0],
    ]);
  });

  test.each(["", ".", ".."])("an object named %j is not asked for: a delete would be one of all", async (name) => {
    const { api, requests } = await scriptedServer();
    const calls = [
      () => api.delete(widgets, { namespace: "shop", name }),
      () => api.get(widgets, { namespace: "shop", name }),
      () => api.delete(widgets, { namespace: name, name: "one" }),
      () => api.delete(widgets, { name: "one" }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: "BadRequest" });
    expect(requests).toEqual([]);
  });

  test("a name cannot leave its place in the path", async () => {
    const { api, requests } = await scriptedServer(status(404, "NotFound"));
    await expect(api.get(widgets, { namespace: "shop", name: "../x?y#z" })).rejects.toThrow();
    expect(requests[0]?.url.pathname).toBe("/prefix/apis/example.com/v1/namespaces/shop/widgets/..%2Fx%3Fy%23z");
  });
});

describe("what it answers", () => {
  test("an object is reduced to what its kind keeps", async () => {
    const managedFields = [{ manager: "me" }];
    const { api } = await scriptedServer(json({ ...stored, metadata: { ...stored.metadata, managedFields } }));
    expect(await api.get(widgets, key)).toEqual(stored);
  });

  test("a refusal is a StatusError", async () => {
    const { api } = await scriptedServer(status(409, "AlreadyExists", 'widgets "one" already exists'));
    await expect(api.create(widgets, widget("one"))).rejects.toMatchObject({
      name: "StatusError",
      ...{ reason: "AlreadyExists", message: 'widgets "one" already exists' },
    });
  });

  test("it may say when to come again", async () => {
    const { api } = await scriptedServer(json({}, 429, { "retry-after": "7" }));
    await expect(api.get(widgets, key)).rejects.toMatchObject({ reason: "TooManyRequests", retryAfterSeconds: 7 });
  });

  test("credentials that it does not know are renewed for the next request", async () => {
    const { api, requests } = await scriptedServer(status(401, "Unauthorized"), json(stored));
    await expect(api.get(widgets, key)).rejects.toMatchObject({ reason: "Unauthorized" });
    await api.get(widgets, key);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-0", "Bearer token-1"]);
  });
});
