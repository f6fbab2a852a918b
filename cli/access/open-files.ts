import { systemClock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { RequestingApi } from "../cluster/requesting-api.ts";
import type { OpenSession, Person } from "../cluster/session.ts";
import { FileSet } from "../dev/file-set.ts";
import { formatProblem } from "../dev/format-problem.ts";
import { startPlane } from "../dev/plane.ts";
import { openState } from "../dev/state.ts";
import { ensurePod } from "../dev/virtual-pod.ts";
import type { WorkloadReference } from "../dev/workload-reference.ts";
import { UsageError } from "../usage-error.ts";

const silent: Log = { info() {}, warn() {}, error() {} };

/** The identity plane that files describe, as `lanyard dev` brings it up: for questions where there is no cluster. */
export async function openFiles(files: readonly string[], namespace: string, person: Person): Promise<OpenSession> {
  const state = await openState(undefined);
  const plane = await startPlane({ clock: systemClock, state, issuerPort: undefined, log: silent, audit() {} });
  const close = async (): Promise<void> => {
    await plane.stop();
    await state.close();
  };
  try {
    const references = await load(files, new FileSet(plane.api, files), person);
    await plane.settled();
    // For conditions: as `lanyard dev` would run them.
    for (const reference of references) await ensurePod(plane.api, reference);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...person,
    api: new RequestingApi(plane.api),
    customKind: async () => undefined,
    clock: systemClock,
    namespace,
    close,
  };
}

async function load(
  files: readonly string[],
  fileSet: FileSet,
  { say }: Person,
): Promise<readonly WorkloadReference[]> {
  const loaded = await fileSet.load();
  if (loaded.kind === "refused") {
    const problems = loaded.problems.map(formatProblem);
    throw new UsageError(`the manifests in ${files.join(", ")} cannot be applied:\n${problems.join("\n")}`);
  }
  loaded.warnings.forEach(say);
  return loaded.references;
}
