import { beforeAll, expect, test } from "vitest";
import { apply, field, kubectl, run, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { managedIdentity, protectedResource, readerOf, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-objects";
const principal = { managedIdentity: "orders" };

describeOnCluster("Lanyard's objects, with kubectl", () => {
  useNamespaces(namespace);

  beforeAll(async () => {
    await apply(
      serviceAccount({ namespace, name: "orders" }),
      managedIdentity({ namespace, name: "orders" }, ["orders"]),
      protectedResource(namespace),
      readerOf(namespace, "orders-reads-stock", principal),
    );
  });

  test.each(["managedidentity/orders", "protectedresource/stock", "roleassignment/orders-reads-stock"])(
    "kubectl wait --for=condition=Ready %s",
    async (object) => {
      await waitFor(namespace, "Ready", object);
      expect(await field(namespace, object, "{.status.conditions[?(@.type=='Ready')].reason}")).toBe("Ready");
    },
  );

  test("kubectl get mi,rasn shows what a person wants to know", async () => {
    await waitFor(namespace, "Ready", "mi/orders", "rasn/orders-reads-stock");
    const clientId = await field(namespace, "mi/orders", "{.status.clientId}");
    const table = (await kubectl("get", "mi,rasn", `--namespace=${namespace}`)).split("\n");
    const rows = table.map((line) => line.split(/\s{2,}/));
    expect(rows[0]?.slice(0, 5)).toEqual(["NAME", "TYPE", "CLIENT ID", "READY", "REASON"]);
    expect(rows[1]?.slice(0, 5)).toEqual([
      "managedidentity.lanyard.dev/orders",
      "UserAssigned",
      clientId,
      "True",
      "Ready",
    ]);
    expect(table.join("\n")).toMatch(
      /orders-reads-stock +orders +reader +\/namespaces\/e2e-objects\/resources\/stock +True +Ready/,
    );
  });

  test("a role assignment that waits says for what, with the nearest name", async () => {
    await apply(readerOf(namespace, "typo", { managedIdentity: "order" }));
    await waitFor(namespace, "Ready=False", "rasn/typo");
    const message = await field(namespace, "rasn/typo", "{.status.conditions[?(@.type=='Ready')].message}");
    expect(message).toContain('Did you mean "e2e-objects/orders"?');
  });

  test("what the schema forbids is refused with the rule in words", async () => {
    const broken = { ...managedIdentity({ namespace, name: "broken" }, []), spec: { token: { lifetime: "5m" } } };
    await expect(apply(broken)).rejects.toThrow("expected a duration from 10m to 24h");
  });

  test("an object of a future version, with fields that this one does not know, is taken and has its effect", async () => {
    const future = {
      ...managedIdentity({ namespace, name: "future" }, ["orders"]),
      spec: { subjects: [{ serviceAccount: "orders" }], rotation: { every: "1h" } },
    };
    const { stdout, stderr } = await run(["apply", "--validate=warn", "--filename=-"], [future]);
    expect(stdout).toContain("managedidentity.lanyard.dev/future created");
    expect(stderr).toContain('unknown field "spec.rotation"');
    await waitFor(namespace, "Ready", "mi/future");
  });
});
