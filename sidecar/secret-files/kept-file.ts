import type { Clock } from "../clock.ts";
import type { Waiting } from "../waiting.ts";
import { type LookState, pauseUntilNextLook } from "./look-schedule.ts";
import type { SecretFile } from "./secret-file.ts";
import type { SecretsDirectory } from "./secrets-directory.ts";
import type { VaultClient } from "./vault-client.ts";
import { type SecretValue, secretFileReasons, type VaultReply } from "./vault-reply.ts";

export interface KeptFileOptions {
  readonly file: SecretFile;
  readonly vault: VaultClient;
  readonly directory: SecretsDirectory;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pollSeconds: number;
  /** Told of each change, with no word of the value. */
  readonly onChange: (change: FileChange) => void;
  /** Called after each look. */
  readonly onLooked: () => void;
}

export interface FileChange {
  readonly file: string;
  readonly state: "written" | "removed" | "missing" | "kept";
  readonly reason: Waiting | undefined;
}

/** One secret in its file: written when it changes, taken away when the right to it is, left alone in an outage. */
export class KeptFile {
  readonly #options: KeptFileOptions;
  /** The version in the file; undefined while there is none that this process wrote. */
  #written: Pick<SecretValue, "id" | "tag"> | undefined;
  #waiting: Waiting | undefined;
  #state: LookState = { hasBeenPlaced: false, failures: 0, attempts: 0, retryAfterSeconds: 0 };
  #told = "";
  #isStopped = false;
  #cancel = (): void => {};

  constructor(options: KeptFileOptions) {
    this.#options = options;
    this.#waiting = secretFileReasons.SecretNotAsked(options.file.file);
  }

  /** Why the file has never been there yet; undefined once it was. */
  get waiting(): Waiting | undefined {
    return this.#state.hasBeenPlaced ? undefined : this.#waiting;
  }

  /** Looks now, and again and again until it is stopped. Fulfilled after the first look. */
  async start(): Promise<void> {
    const { clock, pollSeconds, random, onLooked } = this.#options;
    if (this.#isStopped) return;
    await this.#look();
    onLooked();
    if (this.#isStopped) return;
    this.#cancel = clock.after(pauseUntilNextLook(this.#state, pollSeconds, random), () => void this.start());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #look(): Promise<void> {
    const { file, vault } = this.#options;
    const reply = await vault.read(file, this.#written?.tag);
    this.#waiting = await this.#follow(reply).catch((error: unknown) =>
      secretFileReasons.SecretFileNotWritten(file.file, error instanceof Error ? error.message : "unknown failure"),
    );
    const isPlaced = this.#waiting === undefined;
    this.#state = {
      hasBeenPlaced: this.#state.hasBeenPlaced || isPlaced,
      failures: reply.kind === "unavailable" ? this.#state.failures + 1 : 0,
      attempts: this.#state.attempts + 1,
      retryAfterSeconds: reply.kind === "unavailable" ? reply.retryAfterSeconds : 0,
    };
  }

  async #follow(reply: VaultReply): Promise<Waiting | undefined> {
    switch (reply.kind) {
      case "value":
        await this.#write(reply);
        return undefined;
      case "unchanged":
        if (this.#written === undefined) return this.#waiting;
        this.#tell("written", undefined);
        return undefined;
      case "refused":
        await this.#remove(reply.reason);
        return reply.reason;
      case "unavailable":
        this.#tell(this.#written === undefined ? "missing" : "kept", reply.reason);
        return reply.reason;
    }
  }

  async #write({ value, id, tag }: SecretValue): Promise<void> {
    const { directory, file } = this.#options;
    if (this.#written?.id !== id) await directory.write(file.file, new TextEncoder().encode(value));
    if (this.#written?.id !== id) this.#told = "";
    this.#written = { id, tag };
    this.#tell("written", undefined);
  }

  /** Also what an earlier run of this process may have left: the right to it is gone. */
  async #remove(reason: Waiting): Promise<void> {
    const { directory, file } = this.#options;
    const state = this.#written === undefined ? "missing" : "removed";
    await directory.remove(file.file);
    this.#written = undefined;
    this.#tell(state, reason);
  }

  #tell(state: FileChange["state"], reason: Waiting | undefined): void {
    const what = `${state === "removed" ? "missing" : state} ${reason?.code} ${reason?.sentence}`;
    if (this.#told === what) return;
    this.#told = what;
    this.#options.onChange({ file: this.#options.file.file, state, reason });
  }
}
