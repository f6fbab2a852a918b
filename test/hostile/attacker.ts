/** Plays one attack, in a process of its own so that the bystander's clock does not wait for it. */
import { setPriority } from "node:os";
import type { Arena, Attack } from "./attack.ts";
import { attacks } from "./attacks/attacks.ts";

export interface Order {
  readonly attack: number;
  readonly arena: Arena;
  readonly seconds: number;
}

const LOWEST_PRIORITY = 19;

async function play({ play }: Attack, arena: Arena, until: number, next: () => number): Promise<void> {
  while (performance.now() < until) await play(arena, next()).catch(() => undefined);
}

async function run({ attack: index, arena, seconds }: Order): Promise<void> {
  // The question is what the attack costs the plane, not what it costs to send it.
  setPriority(LOWEST_PRIORITY);
  const attack = attacks[index];
  if (attack === undefined) throw new Error(`There is no attack ${index}.`);
  await attack.prepare?.(arena);
  const until = performance.now() + seconds * 1000;
  let round = 0;
  await Promise.all(Array.from({ length: attack.lanes }, () => play(attack, arena, until, () => round++)));
  process.send?.({ rounds: round });
  process.exit(0);
}

process.once("message", (order: Order) => void run(order));
