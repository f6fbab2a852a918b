import { expect, test } from "vitest";
import { onceAborted } from "../../kube/once-aborted.ts";

test("waits for the signal, and then for what it calls", async () => {
  const stopping = new AbortController();
  const heard: string[] = [];
  const ended = onceAborted(stopping.signal, async () => void heard.push("called")).then(() => heard.push("ended"));
  expect(heard).toEqual([]);
  stopping.abort();
  await ended;
  expect(heard).toEqual(["called", "ended"]);
});

test("a signal that has aborted already is not waited for", async () => {
  let calls = 0;
  await onceAborted(AbortSignal.abort(), async () => void calls++);
  expect(calls).toBe(1);
});

test("rejects as the call does", async () => {
  const failing = onceAborted(AbortSignal.abort(), () => Promise.reject(new Error("as the test said")));
  await expect(failing).rejects.toThrow("as the test said");
});
