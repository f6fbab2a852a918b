import { describe, expect, test } from "vitest";
import { Drain } from "../../sidecar/drain.ts";
import { heldSockets } from "../../sidecar/pod-sockets.ts";
import { FakeClock } from "../support/fake-clock.ts";

function draining(sockets: (second: number) => number | undefined) {
  const clock = new FakeClock();
  const start = clock.now();
  const second = (): number => (clock.now() - start) / 1000;
  const drain = new Drain({ clock, limitSeconds: 29, countSockets: async () => sockets(second()) });
  let endedAt: number | undefined;
  void drain.untilApplicationEnded().then(() => {
    endedAt = second();
  });
  const advanceTo = async (end: number): Promise<void> => {
    while (second() < end) await clock.advance(250);
  };
  return { clock, drain, advanceTo, endedAt: () => endedAt };
}

describe("a classic sidecar after SIGTERM", () => {
  test("serves while the application has sockets, and ends 3 s after the last of them", async () => {
    const { advanceTo, endedAt } = draining((second) => (second < 12 ? 2 : 0));
    await advanceTo(14);
    expect(endedAt()).toBeUndefined();
    await advanceTo(16);
    expect(endedAt()).toBeDefined();
  });

  test("serves for 3 s more after each request", async () => {
    const { advanceTo, drain, endedAt } = draining((second) => (second < 1 ? 1 : 0));
    await advanceTo(3);
    drain.noteRequest();
    await advanceTo(5.5);
    expect(endedAt()).toBeUndefined();
    await advanceTo(7);
    expect(endedAt()).toBeDefined();
  });

  test.each([
    ["never had a socket, so that nothing is known", () => 0],
    ["keeps its sockets", () => 1],
    ["cannot be looked at", () => undefined],
  ])("serves until the grace period is over where the application %s", async (_name, sockets) => {
    const { advanceTo, endedAt } = draining(sockets);
    await advanceTo(28.5);
    expect(endedAt()).toBeUndefined();
    await advanceTo(30);
    expect(endedAt()).toBeDefined();
  });

  test("knows of sockets from before, if they are gone at once", async () => {
    const clock = new FakeClock();
    let sockets = 1;
    const drain = new Drain({ clock, limitSeconds: 29, countSockets: async () => sockets });
    await drain.watch();
    expect(clock.pending).toBe(0);
    sockets = 0;
    let isOver = false;
    void drain.untilApplicationEnded().then(() => {
      isOver = true;
    });
    for (let step = 0; step < 16; step++) await clock.advance(250);
    expect(isOver).toBe(true);
  });
});

test("sockets that a process holds are found in a table of the kernel", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:10B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 8121 1 0000000000000000 100 0 0 10 0",
    "   1: 0100007F:10B8 0100007F:9D2C 06 00000000:00000000 03:00001770 00000000     0        0 0 3 0000000000000000",
    "   2: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 8999 1 0000000000000000 100 0 0 10 0",
    "",
  ];
  expect(heldSockets(table.join("\n"))).toEqual(["8121", "8999"]);
  expect(heldSockets("")).toEqual([]);
});
