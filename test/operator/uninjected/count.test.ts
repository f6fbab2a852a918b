import { expect, test } from "vitest";
import { UninjectedCount } from "../../../operator/uninjected/count.ts";

test("the number of a namespace is the sum over its workloads, told when it is another", () => {
  const told: string[] = [];
  const count = new UninjectedCount((namespace, pods) => told.push(`${namespace} ${pods}`));
  count.set("shop", "Deployment shop/orders", 2);
  count.set("shop", "Deployment shop/orders", 2);
  count.set("shop", "Deployment shop/billing", 1);
  count.set("payments", "Pod payments/vault", 1);
  count.set("payments", "Pod payments/unknown", 0);
  count.set("shop", "Deployment shop/orders", 0);
  count.set("shop", "Deployment shop/billing", 0);
  expect(told).toEqual(["shop 2", "shop 3", "payments 1", "shop 1", "shop 0"]);
});
