/** Uninstalling takes the product away, and neither an application nor what could not be made again. */
import { beforeAll, expect, inject, test } from "vitest";
import { deployment } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { accountOf, startAsking } from "../support/asking.ts";
import { install, SYSTEM, uninstall } from "../support/helm.ts";
import { apply, field, kubectl, theCluster, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-uninstall";
const kept = ["lanyard-signing-keys", "lanyard-ca"];

describeOnCluster("uninstalling", () => {
  let secrets: readonly string[];
  let principalId: string;
  useNamespaces(namespace);

  const secretsNow = (): Promise<readonly string[]> =>
    Promise.all(kept.map((name) => field(SYSTEM, `secret/${name}`, "{.metadata.uid} {.data}")));
  const cachedNow = async (): Promise<number> => (await accountOf(namespace)).cached;

  beforeAll(async () => {
    await startAsking(namespace);
    secrets = await secretsNow();
    principalId = await field(namespace, "mi/orders", "{.status.principalId}");
    await uninstall({ program: inject("helm"), cluster: theCluster() });
  });

  test("leaves applications running: the tokens that they have go on", async () => {
    expect(await kubectl("get", "deployments", `--namespace=${SYSTEM}`, "--output=name")).toBe("");
    const before = await cachedNow();
    // Longer than a kept token is served without asking the issuer whether it is still deserved.
    await expect.poll(cachedNow).toBeGreaterThan(before + 120);
    const { failures } = await accountOf(namespace);
    expect(failures.filter((failure) => failure.includes("cached:"))).toEqual([]);
    expect(failures.join("\n")).toContain("fresh: the token is one from memory");
  });

  test("leaves namespaces usable: new pods start, without a sidecar", async () => {
    await apply(deployment({ namespace, name: "later" }));
    await waitFor(namespace, "Available", "deployment/later");
    const containers = "{.items[*].spec.initContainers[*].name}";
    const pods = ["get", "pods", `--namespace=${namespace}`, "--selector=app=later"];
    expect(await kubectl(...pods, `--output=jsonpath=${containers}`)).toBe("");
  });

  test("takes the guards along, and the rights that they limit, but leaves the guard of the CRDs with them", async () => {
    const kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings,clusterroles";
    const own = "--selector=app.kubernetes.io/part-of=lanyard";
    expect((await kubectl("get", kinds, own, "--output=name")).trim().split("\n")).toEqual([
      "validatingadmissionpolicy.admissionregistration.k8s.io/lanyard-schema",
      "validatingadmissionpolicybinding.admissionregistration.k8s.io/lanyard-schema",
    ]);
  });

  test("leaves every identity and role assignment", async () => {
    expect(await field(namespace, "mi/orders", "{.status.principalId}")).toBe(principalId);
  });

  test("and installing again goes on with the same keys and the same authority", async () => {
    await install({ program: inject("helm"), cluster: theCluster() });
    expect(await secretsNow()).toEqual(secrets);
    const audience = audienceOf(namespace);
    const reply = () => askFrom(namespace, "deployment/asking", audience, "&bypass_cache=true");
    await expect.poll(reply).toMatchObject({ status: 200 });
    expect(claimsIn(await reply()).sub).toBe(principalId);
  });
});
