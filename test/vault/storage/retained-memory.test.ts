import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "retained-memory.ts");

/** Of 10,000 secrets: 20 MB, and 2 KB of each. */
const MOST_BYTES_OF_ONE = 2_000;

test("10,000 secrets with the longest tags in every version cost the index less than 20 MB", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", program]);
  const { secrets, bytes }: { secrets: number; bytes: number } = JSON.parse(stdout);
  expect(bytes / secrets).toBeLessThan(MOST_BYTES_OF_ONE);
}, 120_000);
