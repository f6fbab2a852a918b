import { expect, test } from "vitest";
import { oneAtATime } from "../../webhook/one-at-a-time.ts";

test("what arrives during a long piece of work runs before the next long piece", async () => {
  const inTurn = oneAtATime();
  const done: string[] = [];
  const long = (name: string) =>
    inTurn(() => {
      done.push(name);
      setImmediate(() => done.push(`arrived during ${name}`));
    });
  await Promise.all(["1", "2", "3"].map(long));
  expect(done).toEqual(["1", "arrived during 1", "2", "arrived during 2", "3"]);
});

test("work that fails does not keep the next from its turn", async () => {
  const inTurn = oneAtATime();
  const failing = inTurn(() => {
    throw new Error("broken");
  });
  await expect(failing).rejects.toThrow("broken");
  expect(await inTurn(() => "done")).toBe("done");
});
