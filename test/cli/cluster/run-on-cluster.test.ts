import { afterEach, expect, test, vi } from "vitest";
import type { Answer } from "../../../cli/cluster/answer.ts";
import type { OutputFormat } from "../../../cli/cluster/options.ts";
import { runInSession } from "../../../cli/cluster/run-on-cluster.ts";
import type { OpenSession, Person, Session } from "../../../cli/cluster/session.ts";
import { UsageError } from "../../../cli/usage-error.ts";
import { World } from "../../support/world.ts";
import { testSession } from "./test-session.ts";

afterEach(() => void vi.restoreAllMocks());

/** Clears the screen, goes back to the line's beginning, ends a string with C1, and turns the writing round. */
const hostile = "one\u001b[2J\r\u009c\u202e\n\ttwo\u007f";
const harmless = "one[2J\n\ttwo";

/** What a terminal gets. */
async function printed(ask: (session: Session) => Promise<Answer>, output: OutputFormat = "table") {
  const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const errors = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const session = testSession(await World.create());
  const open = async (person: Person): Promise<OpenSession> => ({ ...session, ...person, close: async () => {} });
  await runInSession(open, output, { name: "lanyard", version: "0.0.0", finish() {} }, ask);
  const textOf = (spy: typeof out): string => spy.mock.calls.map(([chunk]) => String(chunk)).join("");
  return { out: textOf(out), errors: textOf(errors) };
}

test("nothing that a cluster holds steers the terminal of whoever asks", async () => {
  const written = await printed(async ({ say }) => {
    say(hostile);
    return { code: 0, text: hostile, data: undefined, notes: [hostile] };
  });
  expect(written).toEqual({ out: `${harmless}\n`, errors: `${harmless}\n${harmless}\n` });
});

test("nor what is said of a mistake", async () => {
  const { errors } = await printed(() => Promise.reject(new UsageError(hostile)));
  expect(errors).toBe(`lanyard: ${harmless}\n`);
});

test("what could not be read is said before the answer that lacks it", async () => {
  const order: string[] = [];
  const hear = (chunk: unknown): boolean => order.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, "write").mockImplementation(hear);
  vi.spyOn(process.stderr, "write").mockImplementation(hear);
  const session = testSession(await World.create());
  const open = async (person: Person): Promise<OpenSession> => ({ ...session, ...person, close: async () => {} });
  const answer: Answer = { code: 2, text: "answer", data: {}, notes: ["note"], incomplete: ["lacks"] };
  const codes: number[] = [];
  const finish = (code: number): void => void codes.push(code);
  await runInSession(open, "table", { name: "lanyard", version: "0.0.0", finish }, async () => answer);
  expect({ order, codes }).toEqual({ order: ["lacks\n", "answer\n", "note\n"], codes: [2] });
});

test("a program gets a failure in its own format too", async () => {
  const { out, errors } = await printed(() => Promise.reject(new UsageError("no such thing")), "json");
  expect(JSON.parse(out)).toEqual({ error: { message: "no such thing" } });
  expect(errors).toBe("lanyard: no such thing\n");
});

test("a program gets every character", async () => {
  const { out } = await printed(async () => ({ code: 0, text: "", data: { hostile } }), "json");
  expect(JSON.parse(out)).toEqual({ hostile });
});
