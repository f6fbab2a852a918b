import type { Clock } from "./clock.ts";
import { sidecarLimits } from "./limits.ts";

export interface DrainOptions {
  readonly clock: Clock;
  /** The longest time; the kubelet ends the process then. */
  readonly limitSeconds: number;
  /** Sockets of the pod's other containers; undefined if that cannot be known. Never rejects. */
  readonly countSockets: () => Promise<number | undefined>;
}

const LOOK_MILLISECONDS = 500;
const LOOK_WHILE_SERVING_MILLISECONDS = 30_000;

/**
 * When a classic sidecar may end. The kubelet sends SIGTERM to all containers of a pod at once, so that the application
 * may ask for tokens until the grace period is over. Containers do not see each other's processes; they share the
 * network, so an application that had sockets has ended once none is left. Without sockets nothing is known, and the
 * sidecar serves until the end.
 */
export class Drain {
  readonly #options: DrainOptions;
  #hadSockets = false;
  #lastActivity: number;
  #cancel = (): void => {};

  constructor(options: DrainOptions) {
    this.#options = options;
    this.#lastActivity = options.clock.now();
  }

  /** Looks for the application's sockets until there are some. */
  async watch(): Promise<void> {
    await this.#look();
    if (this.#hadSockets) return;
    this.#cancel = this.#options.clock.after(LOOK_WHILE_SERVING_MILLISECONDS, () => void this.watch());
  }

  /** A container asked for a token. */
  noteRequest(): void {
    this.#lastActivity = this.#options.clock.now();
  }

  /** Fulfilled when the application has ended, or its time is over. */
  async untilApplicationEnded(): Promise<void> {
    this.#cancel();
    const { clock, limitSeconds } = this.#options;
    const deadline = clock.now() + limitSeconds * 1000;
    this.#lastActivity = clock.now();
    for (;;) {
      await this.#look();
      const quiet = clock.now() - this.#lastActivity;
      if (this.#hadSockets && quiet >= sidecarLimits.drainQuietSeconds * 1000) return;
      if (clock.now() >= deadline) return;
      await new Promise<void>((resolve) => clock.after(LOOK_MILLISECONDS, resolve));
    }
  }

  async #look(): Promise<void> {
    const count = await this.#options.countSockets();
    if (count === 0) return;
    this.#lastActivity = this.#options.clock.now();
    if (count !== undefined) this.#hadSockets = true;
  }
}
