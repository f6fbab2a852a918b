/** Each process is replaced while an application asks for tokens, twenty times a second and never a second time. */
import { beforeAll, expect, test } from "vitest";
import { pod } from "../support/application.ts";
import { accountOf, startAsking } from "../support/asking.ts";
import { PROCESSES, SYSTEM } from "../support/helm.ts";
import { kubectl, run } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-restarts";

describeOnCluster("an application that asks for tokens, fresh ones and those in memory", () => {
  useNamespaces(namespace);

  beforeAll(() => startAsking(namespace));

  test.each(PROCESSES)("sees no failure while %s is replaced, and pods are created all the time", async (name) => {
    const before = await accountOf(namespace);
    await kubectl("rollout", "restart", `--namespace=${SYSTEM}`, `deployment/${name}`);
    const created = await createPodsUntil(replacementOf(name));
    expect(created.length).toBeGreaterThan(3);
    expect(created.filter((object) => !object.includes("lanyard.dev/injected"))).toEqual([]);

    const asked = async (): Promise<number> => (await accountOf(namespace)).fresh - before.fresh;
    await expect.poll(asked).toBeGreaterThan(10);
    const after = await accountOf(namespace);
    expect(after.failures).toEqual([]);
    expect(after.cached - before.cached).toBeGreaterThan(5 * (after.fresh - before.fresh));
  });
});

/** Ends with the last of the pods that were replaced: they still answer for some seconds. */
async function replacementOf(process: string): Promise<void> {
  await kubectl("rollout", "status", `--namespace=${SYSTEM}`, `deployment/${process}`, "--timeout=80s");
  await expect.poll(() => podsOf(process)).toHaveLength(2);
}

async function podsOf(process: string): Promise<readonly string[]> {
  const pods = await kubectl("get", "pods", `--namespace=${SYSTEM}`, "--output=name");
  return pods.split("\n").filter((pod) => pod.startsWith(`pod/${process}-`));
}

/** Has the API server admit pods that it then does not keep. Resolves with what they would have been. */
async function createPodsUntil(end: Promise<unknown>): Promise<readonly string[]> {
  const created: string[] = [];
  let isOver = false;
  const ended = end.finally(() => {
    isOver = true;
  });
  const arguments_ = ["create", "--dry-run=server", "--output=json", "--filename=-"];
  while (!isOver) created.push((await run(arguments_, [pod({ namespace, name: "attempt" })])).stdout);
  await ended;
  return created;
}
