/** A classic sidecar gets SIGTERM together with the application, and serves it until it has ended. */
import { beforeAll, expect, test } from "vitest";
import { pod } from "../support/application.ts";
import { apply, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-drain";
const audience = audienceOf(namespace);

describeOnCluster("an application that drains", () => {
  useNamespaces(namespace);

  beforeAll(() =>
    apply(
      managedIdentity({ namespace, name: "orders" }, ["default"]),
      protectedResource(namespace),
      readerOf(namespace, "orders", { managedIdentity: "orders" }),
    ),
  );

  test.each(["classic", "native"])("gets tokens until it ends, beside a %s sidecar", async (mode) => {
    await apply(
      pod({
        ...{ namespace, name: mode, annotations: { "lanyard.dev/sidecar-mode": mode }, graceSeconds: 30 },
        command: ["drain.ts", audience, "6"],
      }),
    );
    await waitFor(namespace, "Ready", `pod/${mode}`);
    const following = kubectl("logs", `--namespace=${namespace}`, mode, "--container=app", "--follow");
    // Less than the grace period: the sidecar notices that the application has ended.
    await kubectl("delete", `pod/${mode}`, `--namespace=${namespace}`, "--timeout=20s");
    const lines = (await following).trim().split("\n");
    const { answers } = JSON.parse(lines.at(-1) ?? "{}") as { readonly answers: Record<string, number> };
    expect(Object.keys(answers)).toEqual(["200"]);
  });
});
