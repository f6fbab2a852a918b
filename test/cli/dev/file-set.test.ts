import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileSet } from "../../../cli/dev/file-set.ts";
import { formatProblem } from "../../../cli/dev/format-problem.ts";
import { allKinds, roleDefinitions } from "../../../kube/kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "file-set-"));
});
afterEach(() => rm(directory, { recursive: true }));

const newApi = () => new InMemoryApi({ kinds: allKinds, clock: new FakeClock() });

describe("the files of -f", () => {
  test("a file may define a built-in role anew; without the file the built-in is back", async () => {
    const api = newApi();
    const files = new FileSet(api, [directory]);
    const actions = async () => (await api.get(roleDefinitions, { name: "owner" })).spec.actions;
    await files.load();
    expect(await actions()).toEqual(["**"]);

    const file = join(directory, "owner.yaml");
    const owner = { apiVersion: "lanyard.dev/v1alpha1", kind: "RoleDefinition", metadata: { name: "owner" } };
    await writeFile(file, JSON.stringify({ ...owner, spec: { actions: ["stock/read"] } }));
    await files.load();
    expect(await actions()).toEqual(["stock/read"]);

    await rm(file);
    await files.load();
    expect(await actions()).toEqual(["**"]);
  });

  test("one that is not there is named, without a line that it does not have", async () => {
    const file = join(directory, "missing.yaml");
    const loaded = await new FileSet(newApi(), [file]).load();
    expect(loaded.kind === "refused" && loaded.problems.map(formatProblem)).toEqual([
      `${file}: no such file or directory`,
    ]);
  });
});
