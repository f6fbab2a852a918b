import { describe, expect, test } from "vitest";
import { commandsOf, type Engine } from "../../images/engine.ts";

const engines: readonly Engine[] = [
  { name: "docker" },
  { name: "podman" },
  { name: "buildah", folder: "/cache/storage", driver: "overlay", user: "root" },
];
const request = { dockerfile: "a.Dockerfile", context: "stage", tag: "lanyard.dev/a:1", arguments: { BASE: "base:1" } };

describe.each(engines)("$name", (engine) => {
  const { build, save } = commandsOf(engine);

  test("builds what was asked for", () => {
    expect(build(request)).toEqual(
      expect.arrayContaining(["--build-arg=BASE=base:1", "--file=a.Dockerfile", "--tag=lanyard.dev/a:1", "stage"]),
    );
  });

  test("is told the time, so that an image does not depend on when it was built", () => {
    expect(build(request).join(" ")).toMatch(/(--timestamp=0|SOURCE_DATE_EPOCH=0)/);
  });

  test("writes one file that names its tag", () => {
    expect(save("lanyard.dev/a:1", "a.tar").join(" ")).toMatch(/a\.tar.*lanyard\.dev\/a:1$/);
  });
});

test("Buildah keeps its layers where it is told, not in the machine's own store", () => {
  const { pull, build, save } = commandsOf({ name: "buildah", folder: "/cache/storage", driver: "vfs", user: "other" });
  for (const command of [pull("a"), build(request), save("a", "b")]) {
    expect(command).toEqual(expect.arrayContaining(["--root=/cache/storage/vfs", "--storage-driver=vfs"]));
  }
});

test("Buildah leaves no mount behind: as root it runs in a mount namespace of its own", () => {
  const { build } = commandsOf({ name: "buildah", folder: "/cache/storage", driver: "overlay", user: "root" });
  expect(build(request).slice(0, 3)).toEqual(["unshare", "--mount", "buildah"]);
});
