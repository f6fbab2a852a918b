import { describe, expect, test } from "vitest";
import { segmentsOf } from "../../identity/action-set.ts";
import { compileRole } from "../../identity/compiled-role.ts";
import { role } from "./builders.ts";

describe("a role allows", () => {
  const guarded = compileRole(role("guarded", { actions: ["queues/**"], notActions: ["queues/*/purge"] }));

  test.each([
    ["queues/orders/send", true],
    ["queues/orders/purge", false],
    ["topics/orders/send", false],
  ])("%s: %s", (action, allowed) => expect(guarded.allows(segmentsOf(action))).toBe(allowed));

  test("no action, when it is for the Kubernetes API alone", () => {
    const view = compileRole(role("view", { kubernetesRole: "view" }));
    expect(view.allows(segmentsOf("secrets/read"))).toBe(false);
  });
});
