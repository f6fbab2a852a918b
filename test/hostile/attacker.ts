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

/** What the target replied with: how often each status, and 0 for no reply. */
export type Replies = Readonly<Record<number, number>>;

async function run({ attack: index, arena, seconds }: Order): Promise<void> {
  // The question is what the attack costs the plane, not what it costs to send it.
  setPriority(LOWEST_PRIORITY);
  const attack = attacks[index];
  if (attack === undefined) throw new Error(`There is no attack ${index}.`);
  await attack.prepare?.(arena);
  const until = performance.now() + seconds * 1000;
  const replies: Record<number, number> = {};
  let round = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const status = await statusOf(attack, arena, round++);
      replies[status] = (replies[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: attack.lanes }, lane));
  process.send?.(replies);
  process.exit(0);
}

async function statusOf({ play }: Attack, arena: Arena, round: number): Promise<number> {
  const answer = await play(arena, round).catch(() => undefined);
  return answer?.status ?? 0;
}

process.once("message", (order: Order) => void run(order));
