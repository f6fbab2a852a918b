import { describe, expect, test } from "vitest";
import { type Connection, ConnectionTable } from "../../http/connection-table.ts";

interface Probe extends Connection {
  isClosed: boolean;
  state: "idle" | "receiving" | "answering";
}

function connection(address: string, state: Probe["state"] = "idle"): Probe {
  const probe: Probe = {
    address,
    state,
    isClosed: false,
    openRequests: () => (probe.state === "idle" ? 0 : 1),
    isAnswering: () => probe.state !== "receiving",
    close: () => {
      probe.isClosed = true;
    },
  };
  return probe;
}

function table(counts: { readonly connections?: number; readonly connectionsPerAddress?: number }, open: Probe[]) {
  const it = new ConnectionTable({ connections: 100, connectionsPerAddress: 100, ...counts });
  for (const each of open) expect(it.admit(each)).toBe(true);
  return it;
}

const closed = (probes: readonly Probe[]): boolean[] => probes.map(({ isClosed }) => isClosed);

describe("a server with as many connections as it may have", () => {
  test("closes the connection that is idle for longest", () => {
    const open = [connection("a", "answering"), connection("a"), connection("a")];
    expect(table({ connections: 3 }, open).admit(connection("b"))).toBe(true);
    expect(closed(open)).toEqual([false, true, false]);
  });

  test("counts the idle time from the last reply", () => {
    const open = [connection("a"), connection("a")];
    const it = table({ connections: 2 }, open);
    it.rest(open[0] as Probe);
    it.admit(connection("b"));
    expect(closed(open)).toEqual([false, true]);
  });

  test("closes a connection of the address with the most, not the oldest one of all", () => {
    const bystander = connection("bystander");
    const hostile = ["h", "h", "h"].map((address) => connection(address));
    table({ connections: 4 }, [bystander, ...hostile]).admit(connection("new"));
    expect([bystander.isClosed, ...closed(hostile)]).toEqual([false, true, false, false]);
  });

  test("closes a request that is still arriving when no connection is idle", () => {
    const open = [connection("a", "answering"), connection("b", "receiving")];
    expect(table({ connections: 2 }, open).admit(connection("c"))).toBe(true);
    expect(closed(open)).toEqual([false, true]);
  });

  test("refuses a connection rather than a request that arrived whole", () => {
    const open = [connection("a", "answering"), connection("b", "answering")];
    expect(table({ connections: 2 }, open).admit(connection("c"))).toBe(false);
    expect(closed(open)).toEqual([false, false]);
  });
});

test("an address with as many connections as it may have loses its own", () => {
  const open = [connection("other"), connection("other"), connection("other"), connection("a"), connection("a")];
  const it = table({ connectionsPerAddress: 3 }, open.slice(0, 3));
  it.admit(open[3] as Probe);
  expect(it.admit(connection("other"))).toBe(true);
  expect(closed(open)).toEqual([true, false, false, false, false]);
});

test("a closed connection makes room, and leaves nothing behind", () => {
  const open = [connection("a"), connection("b")];
  const it = table({ connections: 2 }, open);
  for (const each of [...open, ...open]) it.delete(each);
  expect(it.size).toBe(0);
  expect(it.admit(connection("c"))).toBe(true);
  expect(closed(open)).toEqual([false, false]);
});
