/** What the README has a newcomer do in a cluster, in its order. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl, waitFor } from "../support/kubectl.ts";
import { deleteNamespaces } from "../support/namespaces.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

describeOnCluster("the example of the README", () => {
  beforeAll(async () => {
    await kubectl("apply", "--filename=examples/orders/app.yaml", "--filename=examples/orders/inventory.yaml");
    await kubectl("apply", "--filename=examples/cluster");
    await waitFor("inventory", "Available", "deployment/inventory");
    await waitFor("shop", "Available", "deployment/orders");
  });
  afterAll(() => deleteNamespaces("shop", "inventory"));

  const logs = (): Promise<string> => kubectl("logs", "--namespace=shop", "deployment/orders");

  test("the application is refused, and told what to do", async () => {
    await expect.poll(logs).toContain("create a RoleAssignment for it there");
  });

  test("and let in, with no restart, once the role is assigned", async () => {
    await kubectl("apply", "--filename=examples/orders/role-assignment.yaml");
    await expect.poll(logs).toMatch(/^200 .*"roles":\["stock-reader"\]/m);
  });
});
