import { describe, expect, test } from "vitest";
import type { DevEvent } from "../../../cli/dev/events.ts";
import { holdReports } from "../../../cli/dev/held-reports.ts";

const notice = (message: string): DevEvent => ({ event: "notice", message });

function recorded() {
  const told: string[] = [];
  const held = holdReports((event) => told.push(event.event === "notice" ? event.message : event.event));
  return { told, held };
}

describe("what follows from a change", () => {
  test("is told after the change, in order, and then as it happens", async () => {
    const { told, held } = recorded();
    await held.during(async () => {
      held.report(notice("first consequence"));
      held.report(notice("second consequence"));
      told.push("the change");
    });
    held.report(notice("later"));
    expect(told).toEqual(["the change", "first consequence", "second consequence", "later"]);
  });

  test("is told although the change failed half-way", async () => {
    const { told, held } = recorded();
    const failing = held.during(async () => {
      held.report(notice("consequence"));
      throw new Error("half-way");
    });
    await expect(failing).rejects.toThrow("half-way");
    expect(told).toEqual(["consequence"]);
  });
});
