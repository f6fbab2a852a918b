import { expect, test } from "vitest";
import { allKinds, roleDefinitions } from "../../../kube/kinds.ts";
import type { Log } from "../../../kube/log.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { applyBuiltInRoles } from "../../../operator/role-definition/apply-built-in-roles.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const quiet: Log = { info() {}, warn() {}, error() {} };
const newApi = () => new InMemoryApi({ kinds: allKinds, clock: new FakeClock() });

test("a new cluster gets the built-in roles, and a second time changes nothing", async () => {
  const api = newApi();
  await applyBuiltInRoles(api, quiet);
  const { items, resourceVersion } = await api.list(roleDefinitions);
  expect(items.map(({ metadata }) => metadata.name)).toEqual([
    "contributor",
    "kubernetes-edit",
    "kubernetes-view",
    "owner",
    "reader",
    "secrets-officer",
    "secrets-reader",
  ]);
  await applyBuiltInRoles(api, quiet);
  expect((await api.list(roleDefinitions)).resourceVersion).toBe(resourceVersion);
});

test("what an administrator changed about one stays, and the others come all the same", async () => {
  const api = newApi();
  const metadata = { name: "contributor" };
  const manifest = { apiVersion: roleDefinitions.apiVersion, kind: roleDefinitions.kind, metadata };
  await api.apply(roleDefinitions, { ...manifest, spec: { actions: ["queues/*/send"] } }, { fieldManager: "kubectl" });
  await applyBuiltInRoles(api, quiet);
  expect((await api.get(roleDefinitions, metadata)).spec.actions).toEqual(["queues/*/send"]);
  expect((await api.get(roleDefinitions, { name: "secrets-reader" })).spec.actions).toContain("secrets/read");
});
