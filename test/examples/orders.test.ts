import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { checkManifests } from "../../cli/dev/check-manifests.ts";
import { readManifestFiles } from "../../cli/dev/read-files.ts";

const root = join(import.meta.dirname, "..", "..");
const orders = join(root, "examples", "orders");

test("the manifests are right, and no annotation in them is misspelt", async () => {
  const { manifests, problems } = await readManifestFiles([orders]);
  const checked = checkManifests(manifests);
  expect([...problems, ...checked.problems, ...checked.warnings, ...checked.ignored]).toEqual([]);
  expect((await readdir(orders)).filter((name) => name.endsWith(".yaml"))).toHaveLength(6);
});

test("make demo tells its story to the end", { timeout: 90_000 }, async () => {
  const demo = spawn("make", ["demo"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void demo.kill());
  const [[code], story, errors] = await Promise.all([once(demo, "close"), text(demo.stdout), text(demo.stderr)]);
  expect(code, story + errors).toBe(0);
  expect(story).toMatch(
    /has no role on .*200, with a token .*is gone.*the access was revoked.*24 characters.*access token is no longer valid.*Every step was as/s,
  );
});
