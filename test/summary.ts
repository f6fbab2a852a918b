/** Adds up what the suites reported and closes with one plain line: `N passed, N failed`. */
import { existsSync, readFileSync } from "node:fs";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const files = process.argv.slice(2);
const missing = files.filter((file) => !existsSync(file));
for (const file of missing) console.log(`${file} was not written: its suite did not run to its end`);

const reports = files
  .filter((file) => !missing.includes(file))
  .map((file) => JSON.parse(readFileSync(file, "utf8")) as Report);
const total = (count: keyof Report): number => reports.reduce((sum, report) => sum + report[count], 0);
const skipped = total("numPendingTests");

console.log(
  `${total("numPassedTests")} passed, ${total("numFailedTests")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
);
if (missing.length > 0 || total("numFailedTests") > 0 || (process.env.CI !== undefined && skipped > 0))
  process.exitCode = 1;
