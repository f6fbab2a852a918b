/** `helm install lanyard charts/lanyard -n lanyard-system --create-namespace --wait`, which the global setup ran. */
import { expect, inject, test } from "vitest";
import { PROCESSES, SYSTEM, testRelease } from "../support/helm.ts";
import { field, kubectl, run, theCluster } from "../support/kubectl.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

describeOnCluster("an installation by Helm", () => {
  test.each(PROCESSES)("has two pods of %s, all of them ready", async (name) => {
    expect(await field(SYSTEM, `deployment/${name}`, "{.status.readyReplicas} {.spec.replicas}")).toBe("2 2");
  });

  test("told what to do next", () => {
    expect(inject("notes")).toContain(`helm test lanyard --namespace ${SYSTEM}`);
    expect(inject("notes")).toContain("kubectl label namespace NAMESPACE lanyard.dev/inject=enabled");
  });

  test("passes helm test", async () => {
    const said = await testRelease({ program: inject("helm"), cluster: theCluster() });
    expect(said).toMatch(/Phase:\s+Succeeded/);
  });

  test("has only pods that the Pod Security Standard restricted allows", async () => {
    const label = "pod-security.kubernetes.io/enforce=restricted";
    const { stderr } = await run(["label", "namespace", SYSTEM, label, "--dry-run=server", "--overwrite"]);
    expect(stderr).toBe("");
  });

  test("has one operator that leads, by a Lease", async () => {
    const holder = await field(SYSTEM, "lease/lanyard-operator", "{.spec.holderIdentity}");
    expect(await kubectl("get", "pods", `--namespace=${SYSTEM}`, "--output=name")).toContain(holder);
  });
});
