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

test("to log less does not write down less of what was decided", () => {
  const lines = logged(`
    const { createLoggers } = await import("./cli/process/logger.ts");
    const { issuerAudit, vaultAudit, revocationAudit } = await import("./cli/process/audit-sinks.ts");
    const { systemClock: clock } = await import("./kube/clock.ts");
    const quiet = { clock, ...createLoggers("issuer", "error") };
    quiet.log.warn({}, "left out");
    const issuer = issuerAudit(quiet, "all");
    issuer.audit({ event: "token", decision: "issued" });
    issuer.audit({ event: "decision", decision: "allowed" });
    issuer.flush();
    vaultAudit(quiet).audit({ event: "secret", decision: "allowed" });
    revocationAudit(quiet)({ event: "revocation", decision: "revoked" });
  `);
  expect(lines.map(({ level, audit }) => [level, (audit as { event: string }).event])).toEqual(
    ["token", "decision", "secret", "revocation"].map((event) => ["info", event]),
  );
});
