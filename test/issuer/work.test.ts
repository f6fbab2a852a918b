import { describe, expect, test } from "vitest";
import { issuerLimits } from "../../issuer/limits.ts";
import { type Account, Turns, Work } from "../../issuer/work.ts";

const account: Account = { charge: () => {}, overdrawnSeconds: () => 0 };

describe("Turns", () => {
  test("let one piece of work go on in each turn of the event loop, in order", async () => {
    const turns = new Turns();
    const log: string[] = [];
    for (const name of ["a", "b", "c"]) void turns.next().then(() => log.push(name));
    for (let turn = 1; turn <= 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`turn ${turn}`);
    }
    expect(log).toEqual(["a", "turn 1", "b", "turn 2", "c", "turn 3"]);
  });
});

describe("Work", () => {
  test("charges each question by what it took", async () => {
    const charged: number[] = [];
    const work = new Work({ ...account, charge: (steps) => charged.push(steps) });
    expect(await work.question((meter) => meter.take(300))).toBe(true);
    await work.question(() => undefined);
    expect(charged).toEqual([300, 0]);
  });

  test("charges a question that fails too", async () => {
    const charged: number[] = [];
    const work = new Work({ ...account, charge: (steps) => charged.push(steps) });
    const failing = work.question((meter) => {
      meter.take(300);
      throw new Error("no API server");
    });
    await expect(failing).rejects.toThrow("no API server");
    expect(charged).toEqual([300]);
  });

  test("gives way to other requests after half a millisecond's steps, however many batches there are", async () => {
    let others = 0;
    const count = (): void => {
      others += 1;
      if (!done) setImmediate(count);
    };
    let done = false;
    setImmediate(count);
    const batch = async (): Promise<void> => {
      const work = new Work(account);
      for (let at = 0; at < 10; at++) await work.question((meter) => meter.take(issuerLimits.stepsPerTurn));
    };
    await Promise.all([batch(), batch(), batch()]);
    done = true;
    expect(others).toBeGreaterThanOrEqual(30);
  });
});
