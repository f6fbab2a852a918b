import { watch } from "chokidar";
import { systemClock } from "../../kube/clock.ts";

/** An editor or `git checkout` writes several files at once: wait until it has been quiet for this long. */
const QUIET_MILLISECONDS = 60;

/** Calls `changed` after files, or files in directories, were written, made or removed. Resolves when it is watching. */
export async function watchFiles(paths: readonly string[], changed: () => void): Promise<() => Promise<void>> {
  // Of no paths at all, chokidar would never say that it is ready.
  if (paths.length === 0) return () => Promise.resolve();
  let cancel = (): void => undefined;
  const watcher = watch([...paths], { ignoreInitial: true, depth: 0 });
  watcher.on("all", () => {
    cancel();
    cancel = systemClock.after(QUIET_MILLISECONDS, changed);
  });
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  return async () => {
    cancel();
    await watcher.close();
  };
}
