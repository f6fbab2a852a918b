import { describe, expect, test } from "vitest";
import { AuditTrail } from "../../kube/audit-trail.ts";
import { FakeClock } from "../support/fake-clock.ts";

interface Entry {
  readonly time: string;
  readonly what: string;
  readonly count?: number;
  readonly since?: string;
}

function trail() {
  const clock = new FakeClock();
  const written: Entry[] = [];
  const audit = new AuditTrail<Entry>((entry) => written.push(entry), clock);
  const at = (): string => new Date(clock.now()).toISOString();
  return { clock, written, audit, record: (what: string, key?: string) => audit.record({ time: at(), what }, key) };
}

describe("AuditTrail", () => {
  test("writes the first of equal events at once, and the number of the others after a minute", async () => {
    const { clock, written, record } = trail();
    record("asked", "a");
    expect(written).toEqual([{ time: "2026-11-21T12:00:00.000Z", what: "asked" }]);
    await clock.advance(20_000);
    record("asked", "a");
    record("asked", "a");
    expect(written.length).toBe(1);
    await clock.advance(40_000);
    expect(written.slice(1)).toEqual([
      { time: "2026-11-21T12:00:20.000Z", what: "asked", count: 2, since: "2026-11-21T12:00:00.000Z" },
    ]);
  });

  test("writes nothing more of an event that did not come again", async () => {
    const { clock, written, record } = trail();
    record("asked", "a");
    await clock.advance(600_000);
    expect(written.length).toBe(1);
    record("asked", "a");
    expect(written.length).toBe(2);
  });

  test("writes each event that has no key", () => {
    const { written, record } = trail();
    for (let count = 0; count < 3; count++) record("issued");
    expect(written.map(({ count }) => count)).toEqual([undefined, undefined, undefined]);
  });

  test("counts different events apart, each from its own first", async () => {
    const { clock, written, record } = trail();
    record("one", "a");
    await clock.advance(30_000);
    record("two", "b");
    for (const key of ["a", "b", "b"]) record(key === "a" ? "one" : "two", key);
    await clock.advance(30_000);
    expect(written.slice(2).map(({ what, count }) => `${what} ${count}`)).toEqual(["one 1"]);
    await clock.advance(30_000);
    expect(written.slice(3).map(({ what, count }) => `${what} ${count}`)).toEqual(["two 2"]);
  });

  test("loses no count when there are more different events than it keeps", () => {
    const { written, record, audit } = trail();
    record("first", "first");
    record("first", "first");
    for (let count = 0; count < 10_000; count++) record("other", `other ${count}`);
    expect(written.filter(({ what }) => what === "first").map(({ count }) => count)).toEqual([undefined, 1]);
    record("other", "other 9999");
    audit.flush();
    expect(written.at(-1)).toMatchObject({ what: "other", count: 1 });
  });
});
