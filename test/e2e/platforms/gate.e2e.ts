/** A pod whose gate waits can be deleted, and says why it waits, while it waits. */
import { beforeAll, describe, expect, test } from "vitest";
import { pod } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { apply, field, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-gate";
const audience = audienceOf(namespace);
const logs = (name: string): Promise<string> =>
  kubectl("logs", `--namespace=${namespace}`, name, "--container=lanyard");
const events = (name: string): Promise<string> => kubectl("events", `--namespace=${namespace}`, `--for=pod/${name}`);

describeOnCluster("a pod whose gate waits", () => {
  useNamespaces(namespace);

  beforeAll(() =>
    apply(
      ...["orders", "nobody", "late"].map((name) => serviceAccount({ namespace, name })),
      managedIdentity({ namespace, name: "orders" }, ["orders"]),
      protectedResource(namespace),
    ),
  );

  describe.each([
    ["without an identity, by a startup probe", { name: "probed", serviceAccount: "nobody" }, "NoIdentity"],
    [
      "without a role that was there when it was written, by a hook",
      { name: "hooked", serviceAccount: "orders", annotations: { "lanyard.dev/gate": audience } },
      "RoleAssignmentRequired",
    ],
    [
      "beside a classic sidecar",
      { name: "classic", serviceAccount: "nobody", annotations: { "lanyard.dev/sidecar-mode": "classic" } },
      "NoIdentity",
    ],
  ])("%s", (_how, application, code) => {
    const { name } = application;

    test("says why in an Event and in its log, which can be read", async () => {
      await apply(pod({ namespace, ...application }));
      await expect.poll(() => events(name)).toContain(code);
      await expect.poll(() => logs(name).catch(String)).toContain(`"code":"${code}"`);
    });

    test("is deleted at once", async () => {
      // The kubelet takes no notice of a deletion while a hook runs: for a minute, when hooks waited so long.
      await kubectl("delete", `pod/${name}`, `--namespace=${namespace}`, "--grace-period=1", "--timeout=10s");
    });

    test("is deleted at once while its gate has only begun to wait", async () => {
      await apply(pod({ namespace, ...application }));
      const state = (): Promise<string> =>
        field(namespace, `pod/${name}`, "{.status.conditions[?(@.type=='PodReadyToStartContainers')].status}");
      await expect.poll(state).toBe("True");
      await kubectl("delete", `pod/${name}`, `--namespace=${namespace}`, "--grace-period=1", "--timeout=10s");
    });
  });

  test("starts without a restart once it may have an identity", async () => {
    await apply(pod({ namespace, name: "late", serviceAccount: "late" }));
    await expect.poll(() => events("late")).toContain("NoIdentity");
    await apply(
      managedIdentity({ namespace, name: "late" }, ["late"]),
      readerOf(namespace, "late", { managedIdentity: "late" }),
    );
    await waitFor(namespace, "Ready", "pod/late");
    expect(await field(namespace, "pod/late", "{.status.initContainerStatuses[0].restartCount}")).toBe("0");
    expect(claimsIn(await askFrom(namespace, "late", audience)).roles).toEqual(["reader"]);
  });
});
