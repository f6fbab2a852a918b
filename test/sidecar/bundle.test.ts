import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { sidecarLimitTexts } from "../../sidecar/limits.ts";

const root = join(import.meta.dirname, "..", "..");

test("the process in the pod holds no module from outside sidecar/, and loads of Node's one, where it keeps secrets", async () => {
  const build = await rolldown({ input: join(root, "sidecar", "main.ts"), logLevel: "silent", platform: "node" });
  const { output } = await build.generate({ format: "esm" });
  await build.close();
  const chunks = output.filter((part) => part.type === "chunk");
  const modules = chunks.flatMap((chunk) => chunk.moduleIds).map((id) => relative(root, id));
  expect(modules).toContain(join("sidecar", "main.ts"));
  expect(modules.filter((module) => !module.startsWith("sidecar") && !module.startsWith("\0"))).toEqual([]);
  expect(chunks.flatMap((chunk) => chunk.imports)).toEqual([]);
  // Texts about the limits are for a page of the documentation.
  expect(chunks.map(({ code }) => code).join("\n")).not.toContain(sidecarLimitTexts.cachedTokens);
  expect(chunks.flatMap((chunk) => chunk.dynamicImports)).toEqual(["node:fs/promises"]);
});
