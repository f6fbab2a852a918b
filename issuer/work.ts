import { QuestionMeter } from "../identity/condition-judge.ts";
import { issuerLimits } from "./limits.ts";

/** Lets one piece of long work go on in each turn of the event loop, in the order in which they asked. */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a later turn. Between two pieces of work every other request gets its turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#go);
    });
  }

  readonly #go = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#go);
  };
}

/** Of the process: no number of requests makes a turn longer. */
const turns = new Turns();

/** What a caller still has, and pays for what a request takes. */
export interface Account {
  /** Charges steps of some 20 ns. */
  readonly charge: (steps: number) => void;
  /** 0, or in how many seconds to ask again: the caller owes more than a burst, and nothing more is done for it. */
  readonly overdrawnSeconds: () => number;
}

/** Asks questions one after the other for a caller: charges each by what it took, and gives way to other requests. */
export class Work {
  readonly #account: Account;
  #sinceTurn = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  get overdrawnSeconds(): number {
    return this.#account.overdrawnSeconds();
  }

  /** Calls with the meter of one question. */
  async question<T>(ask: (meter: QuestionMeter) => T | Promise<T>): Promise<T> {
    const meter = new QuestionMeter();
    try {
      return await ask(meter);
    } finally {
      await this.took(meter.cost);
    }
  }

  /** Charges steps that were taken; waits for a turn when many were. */
  async took(steps: number): Promise<void> {
    this.#account.charge(steps);
    this.#sinceTurn += issuerLimits.stepsOfAnyQuestion + steps;
    if (this.#sinceTurn < issuerLimits.stepsPerTurn) return;
    this.#sinceTurn = 0;
    await turns.next();
  }
}
