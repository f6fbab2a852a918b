/** The guards stand in the API server: the same people may and may not with every process of Lanyard there, and with none. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { annotations } from "../../../identity/names.ts";
import { identityOfWeb } from "../../cluster/guards/attempt.ts";
import { PAYMENTS, SHOP } from "../../cluster/guards/guard-case.ts";
import { expectOutcome, firstCases, testGuardTable } from "../../cluster/guards/guard-table.ts";
import { rights } from "../../cluster/guards/people.ts";
import { world } from "../../cluster/guards/world.ts";
import { PROCESSES, SYSTEM } from "../support/helm.ts";
import { kubectl, run, theCluster } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const PATIENCE = { timeout: 30_000, interval: 250 };
/** What nobody deletes by accident. */
const confirmed = [
  ["namespace/lanyard-vault"],
  ["protectedresources.lanyard.dev", "--all", `--namespace=${SHOP}`, "--overwrite"],
];
const inSystem = `--namespace=${SYSTEM}`;

describeOnCluster("the guards of an install", () => {
  useNamespaces(SHOP, PAYMENTS);

  beforeAll(async () => {
    await run(["apply", "--server-side", "--filename=-"], [...rights, ...world]);
    await vi.waitFor(async () => expect(await identityOfWeb(theCluster())).not.toBe(""), PATIENCE);
    for (const row of firstCases) await vi.waitFor(() => expectOutcome(theCluster(), row), PATIENCE);
  });

  afterAll(async () => {
    const free = '--patch={"metadata":{"finalizers":null}}';
    await kubectl("patch", "roleassignment/owns-shop", `--namespace=${SHOP}`, "--type=merge", free);
    for (const object of confirmed) await kubectl("annotate", ...object, `${annotations.allowDeletion}=true`);
    await run(["delete", "--ignore-not-found", "--filename=-"], [...rights, ...world]);
  });

  describe("while its processes run", () => testGuardTable(theCluster));

  describe("while none of them runs", () => {
    let replicas: ReadonlyMap<string, number>;

    beforeAll(async () => {
      replicas = await replicasNow();
      await kubectl("scale", "deployment", "--all", inSystem, "--replicas=0");
      await vi.waitFor(async () => expect(await podsNow()).toBe(""), PATIENCE);
    });

    afterAll(async () => {
      for (const [name, count] of replicas) {
        await kubectl("scale", `deployment/${name}`, inSystem, `--replicas=${count}`);
      }
      for (const name of replicas.keys()) {
        await kubectl("rollout", "status", `deployment/${name}`, inSystem, "--timeout=80s");
      }
    });

    testGuardTable(theCluster);

    test("there was indeed none all the time", async () => {
      expect([...replicas.keys()]).toEqual(expect.arrayContaining([...PROCESSES]));
      expect(await podsNow()).toBe("");
    });
  });
});

function podsNow(): Promise<string> {
  return kubectl("get", "pods", inSystem, "--selector=app.kubernetes.io/part-of=lanyard", "--output=name");
}

const deploymentsSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ replicas: z.number() }) })),
});

async function replicasNow(): Promise<ReadonlyMap<string, number>> {
  const { items } = deploymentsSchema.parse(JSON.parse(await kubectl("get", "deployments", inSystem, "--output=json")));
  return new Map(items.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
}
