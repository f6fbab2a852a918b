import type { ServerVersion } from "../../kube/client/connect.ts";
import { keepTrying } from "./keep-trying.ts";
import type { ProcessContext } from "./run-process.ts";

interface FollowedVersion {
  /** As it was read last. */
  readonly current: () => ServerVersion;
  stop(): void;
}

const READ_AGAIN_MS = 60_000;

type Context = Pick<ProcessContext, "serverVersion" | "clock" | "log">;

/** Reads the API server's version, and again each minute: a cluster is upgraded while this process runs. */
export async function followServerVersion({ serverVersion, clock, log }: Context): Promise<FollowedVersion> {
  const complaint = "Reading the version of the API server failed; retrying.";
  let version = await keepTrying(serverVersion, { clock, log, complaint });
  let cancel = (): void => {};
  const readLater = (): void => {
    cancel = clock.after(READ_AGAIN_MS, () => {
      serverVersion()
        .then((read) => {
          version = read;
        })
        .catch((err: unknown) => log.warn({ err }, complaint))
        .finally(readLater);
    });
  };
  readLater();
  return { current: () => version, stop: () => cancel() };
}
