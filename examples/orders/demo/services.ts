/** The two services of the story: the inventory, which is protected, and orders, which calls it. */
import { type Environment, programs, type Running, start } from "./processes.ts";

export interface Inventory {
  readonly url: string;
}

export async function startInventory(issuer: string): Promise<Inventory> {
  const running = start(programs.inventory, [], { ISSUER: issuer, PORT: "0" });
  const url = await running.until(0, (line) => line || undefined);
  return { url };
}

/** All that orders said, and its exit code. */
export interface OrdersResult {
  readonly output: string;
  readonly code: number;
}

export async function runOrders(as: Environment, inventory: Inventory): Promise<OrdersResult> {
  return resultOf(startOrders(as, inventory));
}

export function startOrders(as: Environment, { url }: Inventory, ...args: readonly string[]): Running {
  return start(programs.orders, args, { ...as, INVENTORY_URL: url });
}

export async function resultOf(running: Running): Promise<OrdersResult> {
  const code = await running.end;
  return { output: running.lines.join("\n"), code };
}
