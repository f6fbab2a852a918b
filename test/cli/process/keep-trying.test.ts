import { expect, test } from "vitest";
import { keepTrying } from "../../../cli/process/keep-trying.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const recorder = () => {
  const complaints: string[] = [];
  const log = { info() {}, error() {}, warn: (_: object, message: string) => void complaints.push(message) };
  return { complaints, log };
};

test("what fails twice is done the third time, and each failure is in the log", async () => {
  const clock = new FakeClock();
  const { complaints, log } = recorder();
  let attempts = 0;
  const act = async () => {
    attempts++;
    if (attempts < 3) throw new Error("connection refused");
    return "done";
  };
  const trying = keepTrying(act, { clock, log, complaint: "Not yet." });
  await clock.advance(20_000);
  await clock.advance(20_000);
  expect(await trying).toBe("done");
  expect(complaints).toEqual(["Not yet.", "Not yet."]);
});

test("who is asked to end tries no more", async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  const act = () => Promise.reject(new Error("connection refused"));
  const trying = keepTrying(act, { clock, log: recorder().log, complaint: "Not yet.", signal: ending.signal });
  ending.abort(new Error("ending"));
  await expect(trying).rejects.toThrow("ending");
});
