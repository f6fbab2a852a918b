import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../../..");

/** What a process that logs this writes to its standard output. */
function logged(statement: string): readonly Record<string, unknown>[] {
  const script = `import { createLogger } from "./cli/process/logger.ts"; const log = createLogger("issuer", "info"); ${statement}`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("a line is JSON, with a level in words, the time and the process", () => {
  const [line] = logged('log.info({ port: 8443 }, "Serving.");');
  expect(line).toMatchObject({ level: "info", process: "issuer", port: 8443, msg: "Serving." });
  expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test("a credential that is passed by mistake is not written", () => {
  const fields = '{ token: "s3cret", request: { authorization: "s3cret", body: { subject_token: "s3cret" } } }';
  const text = JSON.stringify(logged(`log.warn(${fields}, "asked");`));
  expect(text).toContain("[Redacted]");
  expect(text).not.toContain("s3cret");
});

test("an error keeps its message and where it came from", () => {
  const [line] = logged('log.error({ err: new Error("no route to host") }, "failed");');
  expect(line?.err).toMatchObject({ type: "Error", message: "no route to host" });
});
