import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { StatusError } from "../../kube/status-error.ts";

/** What becomes of one call: how long it is under way, and what of it gets lost. */
export interface Fate {
  readonly requestMilliseconds: number;
  readonly replyMilliseconds: number;
  readonly lost: "nothing" | "request" | "reply";
}

export const prompt: Fate = { requestMilliseconds: 0, replyMilliseconds: 0, lost: "nothing" };

type Locking = Pick<KubeApi, "get" | "create" | "apply">;

/** The way of one process to the API: it delays and loses what the test says, in either direction. */
export class LossyApi implements Locking {
  readonly #api: Locking;
  readonly #clock: Clock;
  readonly #fate: () => Fate;

  constructor(api: Locking, clock: Clock, fate: () => Fate) {
    this.#api = api;
    this.#clock = clock;
    this.#fate = fate;
  }

  readonly get: Locking["get"] = (...call) => this.#carry(() => this.#api.get(...call));
  readonly create: Locking["create"] = (...call) => this.#carry(() => this.#api.create(...call));
  readonly apply: Locking["apply"] = (...call) => this.#carry(() => this.#api.apply(...call));

  async #carry<Result>(call: () => Promise<Result>): Promise<Result> {
    const { requestMilliseconds, replyMilliseconds, lost } = this.#fate();
    await this.#wait(requestMilliseconds);
    if (lost === "request") throw unanswered();
    const outcome = await Promise.allSettled([call()]);
    await this.#wait(replyMilliseconds);
    if (lost === "reply") throw unanswered();
    const [settled] = outcome;
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  }

  #wait(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.after(milliseconds, resolve);
    });
  }
}

const unanswered = (): StatusError => new StatusError("ServiceUnavailable", "as the test said");
