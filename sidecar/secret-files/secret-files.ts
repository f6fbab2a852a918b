import type { Clock } from "../clock.ts";
import type { Waiting } from "../waiting.ts";
import { type FileChange, KeptFile } from "./kept-file.ts";
import type { SecretFilesSettings } from "./secret-files-settings.ts";
import type { SecretsDirectory } from "./secrets-directory.ts";
import type { VaultClient } from "./vault-client.ts";

export interface SecretFilesOptions {
  readonly settings: Pick<SecretFilesSettings, "files" | "pollSeconds">;
  readonly vault: VaultClient;
  readonly directory: SecretsDirectory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: (change: FileChange) => void;
}

export interface SecretFiles {
  /** Fulfilled once each file has been there; until then tells what is missing. */
  untilPlaced(onWaiting: (waiting: Waiting) => void): Promise<void>;
  stop(): void;
}

/** Keeps secrets in files, from now on. */
export function startSecretFiles({ settings, ...options }: SecretFilesOptions): SecretFiles {
  const { directory } = options;
  const { files, pollSeconds } = settings;
  let onLooked = (): void => {};
  const kept = files.map((file) => new KeptFile({ ...options, file, pollSeconds, onLooked: () => onLooked() }));
  // A directory that cannot be read is told of by each file that cannot be written.
  const cleared = directory.clear().catch(() => {});
  void cleared.then(() => Promise.all(kept.map((file) => file.start())));
  return {
    untilPlaced: (onWaiting) =>
      new Promise((resolve) => {
        onLooked = () => {
          const waiting = kept.map((file) => file.waiting).find((reason) => reason !== undefined);
          if (waiting === undefined) resolve();
          else onWaiting(waiting);
        };
        onLooked();
      }),
    stop() {
      for (const file of kept) file.stop();
    },
  };
}
