import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startSecretFiles } from "../../../sidecar/secret-files/secret-files.ts";
import { settle } from "../../support/fake-clock.ts";
import { historyProperty } from "../../support/property.ts";
import { down, keptFile, refused, SECRET, valued } from "./fake-vault.ts";

describe("a secret that is kept in a file", () => {
  test("is written once, and looked at again and again with its tag", async () => {
    const { kept, vault, directory, later } = keptFile();
    vault.answer = valued("hunter2", "1");
    await kept.start();
    expect(directory.files.get("db-password")).toBe("hunter2");
    vault.answer = { kind: "unchanged" };
    await later(60_000);
    expect([directory.writes, vault.tags.slice(0, 3)]).toEqual([1, [undefined, '"1"', '"1"']]);
  });

  test("is not written anew when the vault sends the same version", async () => {
    const { kept, vault, directory, later } = keptFile();
    vault.answer = valued("hunter2", "1");
    await kept.start();
    await later(60_000);
    expect(directory.writes).toBe(1);
  });

  test("is replaced when there is a new version", async () => {
    const { kept, vault, directory, later, states } = keptFile();
    vault.answer = valued("old", "1");
    await kept.start();
    vault.answer = valued("new", "2");
    await later();
    expect([directory.files.get("db-password"), states()]).toEqual(["new", ["written", "written"]]);
  });

  test.each(["", "\0", "a\nb\r\n", "\u{1f512} p\u00e4ss", "\ufeffbom"])(
    "keeps the value %j as it is",
    async (value) => {
      const { kept, vault, directory } = keptFile();
      vault.answer = valued(value, "1");
      await kept.start();
      expect(directory.files.get("db-password")).toBe(value);
    },
  );

  test("goes when the right to it does, and comes back with it", async () => {
    const { kept, vault, directory, later, states } = keptFile();
    vault.answer = valued("hunter2", "1");
    await kept.start();
    vault.answer = refused;
    await later();
    expect(directory.files.size).toBe(0);
    vault.answer = valued("hunter2", "1");
    await later();
    expect([directory.files.get("db-password"), states()]).toEqual(["hunter2", ["written", "removed", "written"]]);
  });

  test("goes although an earlier run of the process has written it", async () => {
    const { kept, vault, directory } = keptFile();
    directory.files.set("db-password", "left");
    vault.answer = refused;
    await kept.start();
    expect(directory.files.size).toBe(0);
  });

  test("stays through an outage, also one that an earlier run of the process has written", async () => {
    const { kept, vault, directory, later, states } = keptFile();
    directory.files.set("db-password", "left");
    await kept.start();
    expect(directory.files.get("db-password")).toBe("left");
    vault.answer = valued("hunter2", "1");
    await later();
    vault.answer = down;
    await later(600_000);
    expect([directory.files.get("db-password"), states()]).toEqual(["hunter2", ["missing", "written", "kept"]]);
  });

  test("is asked for less and less often while nobody answers, and then at once as often as before", async () => {
    const { kept, vault, later } = keptFile();
    vault.answer = valued("hunter2", "1");
    await kept.start();
    vault.answer = down;
    await later(600_000);
    expect(vault.tags.length).toBeLessThan(16);
    vault.answer = valued("hunter2", "1");
    await later(60_000);
    const before = vault.tags.length;
    await later(60_000);
    expect(vault.tags.length - before).toBe(6);
  });

  test("an answer that nothing has changed, before there was anything, is no file", async () => {
    const { kept, vault } = keptFile();
    vault.answer = { kind: "unchanged" };
    await kept.start();
    expect(kept.waiting?.code).toBe("SecretNotAsked");
  });

  test("says why it could not be written, and tries again", async () => {
    const { kept, vault, directory, later } = keptFile();
    directory.isFull = true;
    vault.answer = valued("hunter2", "1");
    await kept.start();
    expect(kept.waiting).toMatchObject({ code: "SecretFileNotWritten", sentence: expect.stringContaining("no space") });
    directory.isFull = false;
    await later();
    expect([kept.waiting, directory.files.get("db-password")]).toEqual([undefined, "hunter2"]);
  });

  test("is let alone once it is stopped", async () => {
    const { kept, clock, vault } = keptFile();
    vault.answer = valued("hunter2", "1");
    await kept.start();
    kept.stop();
    expect(clock.pending).toBe(0);
  });

  test("no word of the value is told", async () => {
    const { kept, vault, changes, later } = keptFile();
    for (const answer of [valued("hunter2", "1"), down, valued("hunter3", "2"), refused]) {
      vault.answer = answer;
      await (vault.tags.length === 0 ? kept.start() : later(60_000));
    }
    expect(changes.length).toBe(4);
    expect(JSON.stringify(changes)).not.toContain("hunter");
  });

  const answers = fc.constantFrom(valued("a", "1"), valued("b", "2"), refused, down);
  historyProperty(
    "the file is what the last decision says, whatever happened before",
    [fc.array(answers, { minLength: 1, maxLength: 12 })],
    async (history) => {
      const { kept, vault, directory, later } = keptFile();
      for (const [at, answer] of history.entries()) {
        vault.answer = answer;
        await (at === 0 ? kept.start() : later(60_000));
      }
      const decided = history.findLast((answer) => answer !== down);
      expect(directory.files.get("db-password")).toBe(decided?.kind === "value" ? decided.value : undefined);
      kept.stop();
    },
  );
});

describe("all secret files of a pod", () => {
  const second = { ...SECRET, file: "second" };

  test("are waited for until each has been there, with the reason of the first that is missing", async () => {
    const { vault, directory, clock, random } = keptFile();
    vault.answer = refused;
    const settings = { files: [SECRET, second], pollSeconds: 10 };
    const files = startSecretFiles({ settings, vault, directory, clock, random, onChange: () => {} });
    const told: string[] = [];
    let isPlaced = false;
    void files
      .untilPlaced(({ code }) => told.push(code))
      .then(() => {
        isPlaced = true;
      });
    await settle();
    await clock.advance(5000);
    expect([isPlaced, told[0], told.at(-1)]).toEqual([false, "SecretNotAsked", "Forbidden"]);
    vault.answer = valued("hunter2", "1");
    await clock.advance(2000);
    expect([isPlaced, [...directory.files.keys()]]).toEqual([true, ["db-password", "second"]]);
    files.stop();
    expect(clock.pending).toBe(0);
  });
});
