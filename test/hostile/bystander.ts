import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { type Asked, send } from "./send.ts";

/** What a bystander asks a process, and the status that it must get. */
export interface Question {
  readonly asked: Asked;
  readonly status: number;
}

/** What a bystander experienced. */
export interface Experience {
  /** Milliseconds per answer; a question without the right answer counts as its time-out. */
  readonly latencies: readonly number[];
  readonly failures: readonly string[];
}

const PERIOD_MS = 10;
const TIMEOUT_MS = 5_000;

/** Asks every 10 ms, one question at a time over one kept connection, until the signal is aborted. */
export async function keepAsking(question: Question, until: AbortSignal): Promise<Experience> {
  const Agent = question.asked.tls === undefined ? HttpAgent : HttpsAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const latencies: number[] = [];
  const failures: string[] = [];
  while (!until.aborted) {
    const start = performance.now();
    const failure = await ask(question, agent);
    const took = performance.now() - start;
    latencies.push(failure === undefined ? took : Math.max(took, TIMEOUT_MS));
    if (failure !== undefined) failures.push(failure);
    await sleep(Math.max(0, PERIOD_MS - took), undefined, { signal: until }).catch(() => undefined);
  }
  agent.destroy();
  return { latencies, failures };
}

async function ask({ asked, status }: Question, agent: HttpAgent): Promise<string | undefined> {
  try {
    const answer = await send({ ...asked, agent, timeoutMs: TIMEOUT_MS });
    return answer.status === status ? undefined : `${answer.status} ${answer.body.slice(0, 200)}`;
  } catch (error) {
    return error instanceof Error ? error.message : "no answer";
  }
}
