import { describe, expect, test } from "vitest";
import { refusals } from "../../identity/reasons.ts";
import { endpoint, Refused } from "../../issuer/endpoint.ts";

const start = { given: 1 };

describe("endpoint", () => {
  test("each step sees what the steps before it found out", async () => {
    const steps = endpoint<typeof start>("POST /sum")
      .step("double", ({ given }) => ({ doubled: given * 2 }))
      .step("sum", async ({ given, doubled }) => ({ sum: given + doubled }));
    expect(steps.steps).toEqual(["double", "sum"]);
    expect(await steps.run(start)).toEqual({ given: 1, doubled: 2, sum: 3 });
  });

  test("a refusal ends it: no later step runs", async () => {
    const refused = new Refused(refusals.NotReady(), 1);
    const steps = endpoint<typeof start>("POST /sum")
      .step("refuse", (): object | Refused => refused)
      .step("never", () => {
        throw new Error("ran");
      });
    expect(await steps.run(start)).toBe(refused);
  });

  test("a step that throws is named", async () => {
    const steps = endpoint<typeof start>("POST /sum").step("break", () => {
      throw new TypeError("defect");
    });
    await expect(steps.run(start)).rejects.toThrow('step "break" failed');
  });
});
