/** What reaches the webhook's own Service, and namespaces at their end. */
import { beforeAll, expect, test } from "vitest";
import { pod } from "../support/application.ts";
import { requestFrom } from "../support/ask.ts";
import { apply, kubectl, waitFor } from "../support/kubectl.ts";
import { deleteNamespaces, makeNamespaces, useNamespaces } from "../support/namespaces.ts";
import { managedIdentity } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";
import { restartsOfProcesses } from "../support/processes.ts";

const namespace = "e2e-admission";
const webhook = "https://lanyard-webhook.lanyard-system.svc";

describeOnCluster("the webhook's Service", () => {
  useNamespaces(namespace);

  beforeAll(async () => {
    await apply(managedIdentity({ namespace, name: "orders" }, ["default"]), pod({ namespace, name: "client" }));
    await waitFor(namespace, "Ready", "pod/client");
  });

  test.each<readonly [string, string]>([
    ["no JSON", "{"],
    ["nothing", ""],
    ["another object", '{"apiVersion":"v1","kind":"Pod"}'],
    ["a review of a version that is to come", '{"apiVersion":"admission.k8s.io/v7","kind":"AdmissionReview"}'],
    ["a review without a request", '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'],
  ])("answers 400 with words to %s, and goes on", async (_, body) => {
    const headers = { "content-type": "application/json" };
    const replies = await Promise.all(
      ["/inject", "/validate"].map((path) =>
        requestFrom(namespace, "client", { url: webhook + path, method: "POST", headers, body }),
      ),
    );
    expect(replies).toEqual(
      [0, 1].map(() => ({
        status: 400,
        body: {
          ...{ apiVersion: "v1", kind: "Status", status: "Failure", code: 400 },
          message: expect.stringMatching(/^This is no AdmissionReview of .*: .+\. Send what an API server sends\.$/),
        },
      })),
    );
  });
});

describeOnCluster("a namespace that is being deleted", () => {
  const dying = "e2e-dying";
  const stubborn = pod({ namespace: dying, name: "last", command: ["idle.ts", "stubborn"], graceSeconds: 30 });

  beforeAll(async () => {
    await makeNamespaces(dying);
    await apply(managedIdentity({ namespace: dying, name: "orders" }, ["default"]), stubborn);
    await waitFor(dying, "Ready", "pod/last");
    // Its pods go first, and all the rest stays until they are gone.
    await deleteNamespaces(dying);
  });

  test.each([
    ["a pod", pod({ namespace: dying, name: "late" })],
    ["an identity", managedIdentity({ namespace: dying, name: "late" }, [])],
  ])("takes %s no more, and says why", async (_, object) => {
    await expect(apply(object)).rejects.toThrow(/being (deleted|terminated)/);
  });

  test("goes with its last pod, and has troubled no process of ours", async () => {
    await kubectl("delete", "pod/last", `--namespace=${dying}`, "--grace-period=1");
    await kubectl("wait", "--for=delete", `namespace/${dying}`, "--timeout=60s");
    expect(await restartsOfProcesses()).toBe(0);
  });
});
