interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Runs at most one instance at a time. Starts and stops wait for each other in the order of their calls, so that no start
 * overlaps a stop. An instance starts only if it may run at that moment, not when the start was asked for.
 */
export class OneAtATime<Instance extends Stoppable> {
  readonly #create: () => Instance;
  readonly #mayRun: () => boolean;
  #current: Instance | undefined;
  #turns: Promise<void> = Promise.resolve();

  constructor(create: () => Instance, mayRun: () => boolean) {
    this.#create = create;
    this.#mayRun = mayRun;
  }

  get current(): Instance | undefined {
    return this.#current;
  }

  start(): Promise<void> {
    return this.#inTurn(async () => this.#begin());
  }

  /** Replaces the instance that runs; does nothing if none runs. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#current === undefined) return;
      await this.#end();
      this.#begin();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  #begin(): void {
    if (this.#current === undefined && this.#mayRun()) this.#current = this.#create();
  }

  async #end(): Promise<void> {
    await this.#current?.stop();
    this.#current = undefined;
  }

  /** The caller gets the error of its step; the next step runs all the same. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turns.then(step);
    this.#turns = done.catch(() => {});
    return done;
  }
}
