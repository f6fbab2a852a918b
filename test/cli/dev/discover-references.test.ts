import { expect, test } from "vitest";
import { discoverReferences } from "../../../cli/dev/discover-references.ts";
import { workloadReferenceText } from "../../../cli/dev/workload-reference.ts";
import { World } from "../../support/world.ts";
import { reference } from "./dev-world.ts";

const found = async (
  subjects: readonly object[],
  workloads: readonly { readonly as: string; readonly serviceAccount: string }[],
): Promise<string[]> => {
  const identity = await (await World.create()).identity("shop/orders", { subjects });
  const running = workloads.map(({ as, serviceAccount }) => ({ reference: reference(as), serviceAccount }));
  return discoverReferences([identity, identity], running).map(workloadReferenceText);
};

test("each subject of an identity is found once, in its own namespace", async () => {
  const subjects = [{ serviceAccount: "orders" }, { serviceAccount: "reports", namespace: "analytics" }];
  expect(await found(subjects, [])).toEqual(["shop/orders", "analytics/reports"]);
});

test("a ServiceAccount that a workload runs as is found as that workload", async () => {
  const workload = { as: "shop/Deployment/web", serviceAccount: "orders" };
  expect(await found([{ serviceAccount: "orders" }], [workload])).toEqual(["shop/Deployment/web"]);
});
