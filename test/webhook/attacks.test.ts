import { threadCpuUsage } from "node:process";
import { describe, expect, test } from "vitest";
import { attacks } from "./attacks.ts";
import { webhookWorld } from "./webhook-world.ts";

/** Milliseconds of this thread: far above what linear and bounded work takes here, far below what was seen without. */
const PATIENCE = 1_000;

async function millisecondsFor(run: () => Promise<unknown>): Promise<number> {
  const before = threadCpuUsage();
  await run();
  const { user, system } = threadCpuUsage(before);
  return (user + system) / 1000;
}

describe("a hostile request", () => {
  test.each([...attacks])("$name", async ({ path, body, refused }) => {
    const { post, webhook } = await webhookWorld();
    await webhook.synced;
    let [status, message, size] = [0, "", 0];
    const spent = await millisecondsFor(async () => {
      const reply = await post(path, body);
      const text = await reply.text();
      const { response } = JSON.parse(text);
      [status, message, size] = [reply.status, response?.status?.message ?? "", text.length];
    });
    expect(status).toBe(typeof refused === "number" ? refused : 200);
    expect(message.split(":")[0]).toBe(typeof refused === "string" ? refused : "");
    expect(size).toBeLessThan(512 * 1024);
    expect(spent).toBeLessThan(PATIENCE);
  });
});
