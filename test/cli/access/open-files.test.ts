import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkAccess } from "../../../cli/access/check.ts";
import { openFiles } from "../../../cli/access/open-files.ts";
import { temporaryDirectory } from "../dev/dev-world.ts";

const person = {
  program: "lanyard",
  columns: 80,
  say() {},
  confirm: async () => undefined,
  signal: new AbortController().signal,
};
const orders = join(import.meta.dirname, "../../../examples/orders");

async function outcome(files: readonly string[], action: string): Promise<string> {
  const session = await openFiles(files, "shop", person);
  onTestFinished(() => session.close());
  const asked = { as: "orders", action, resource: "inventory/inventory" };
  return (await checkAccess(asked, session)).outcome.kind;
}

test.each([
  { action: "stock/read", kind: "allowed" },
  { action: "stock/write", kind: "denied" },
])("manifests say of $action with no cluster: $kind", async ({ action, kind }) => {
  expect(await outcome([orders], action)).toBe(kind);
});

test.each([
  { pod: "shop/Deployment/web", tier: "front", kind: "allowed" },
  { pod: "shop/deploy/web", tier: "back", kind: "denied" },
  { pod: "shop/orders-dev", tier: "front", kind: "denied" },
])("a condition on the tier is asked of the pod $pod of the manifests: $tier is $kind", async ({ pod, tier, kind }) => {
  const file = join(await temporaryDirectory(), "web.yaml");
  const condition = `pod.labels.tier == "${tier}"`;
  await writeFile(file, webWith(condition));
  const session = await openFiles([file], "shop", person);
  onTestFinished(() => session.close());
  const asked = { as: "shop/web", action: "secrets/read", resource: "/namespaces/shop", pod };
  expect((await checkAccess(asked, session)).outcome.kind).toBe(kind);
});

const webWith = (condition: string): string => `
apiVersion: lanyard.dev/v1alpha1
kind: ManagedIdentity
metadata: {name: web, namespace: shop}
spec: {subjects: [{serviceAccount: web}, {serviceAccount: orders}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: orders, namespace: shop}
---
apiVersion: lanyard.dev/v1alpha1
kind: RoleAssignment
metadata: {name: web-reads, namespace: shop}
spec: {principal: {managedIdentity: web}, roleDefinition: secrets-reader, condition: '${condition}'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {tier: front}}
    spec: {serviceAccountName: web}
`;

test("manifests that cannot be applied are wrong use, with file and line", async () => {
  const file = join(await temporaryDirectory(), "bad.yaml");
  await writeFile(file, "apiVersion: lanyard.dev/v1alpha1\nkind: RoleAssignmnt\nmetadata:\n  name: a\n");
  await expect(openFiles([file], "shop", person)).rejects.toMatchObject({
    name: "UsageError",
    message: expect.stringContaining(`${file}:2`),
  });
});
