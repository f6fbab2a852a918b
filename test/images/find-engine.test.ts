import { describe, expect, test } from "vitest";
import type { Command } from "../../images/engine.ts";
import { findEngine } from "../../images/find-engine.ts";

/** A machine where only these commands answer. */
function machineWith(...working: readonly string[]) {
  return (command: Command): Promise<boolean> => {
    const [program, ...args] = command.slice(command.indexOf("buildah") < 0 ? 0 : command.indexOf("buildah"));
    const driver = args.find((argument) => argument.startsWith("--storage-driver="))?.split("=")[1];
    return Promise.resolve(working.includes([program, driver].filter(Boolean).join(" ")));
  };
}

describe("the engine that builds images", () => {
  test.each([
    ["Docker before all others", ["docker", "podman", "buildah overlay"], { name: "docker" }],
    ["Podman where a docker command has no engine behind it", ["podman", "buildah overlay"], { name: "podman" }],
    ["Buildah with overlays", ["buildah overlay", "buildah vfs"], { name: "buildah", driver: "overlay" }],
    [
      "Buildah with copies where the file system cannot be laid over",
      ["buildah vfs"],
      { name: "buildah", driver: "vfs" },
    ],
  ])("is %s", async (_rule, working, engine) => {
    expect(await findEngine(machineWith(...working))).toMatchObject(engine);
  });

  test("is none where none works", async () => {
    expect(await findEngine(machineWith())).toBeUndefined();
  });
});
