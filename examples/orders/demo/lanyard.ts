/** `lanyard dev -o json` as the demo uses it: a process that tells what happens, one JSON object a line. */
import { type Environment, programs, type Running, start } from "./processes.ts";

export interface Identity {
  readonly name: string;
  readonly principalId: string;
  readonly usedBy: readonly string[];
}

/** Which members there are depends on the event. */
interface LanyardEvent {
  readonly event: string;
  readonly issuer?: string;
  readonly as?: string;
  readonly vault?: string;
  readonly environment?: Environment;
  readonly identities?: readonly Identity[];
  readonly identity?: Identity;
  readonly change?: string;
}

export class Lanyard {
  readonly #process: Running;

  private constructor(running: Running) {
    this.#process = running;
  }

  static async start(directory: string): Promise<Lanyard> {
    const lanyard = new Lanyard(start(programs.lanyard, ["dev", "--vault", "-f", directory, "-o", "json"]));
    await lanyard.#first(({ event }) => (event === "ready" ? true : undefined));
    return lanyard;
  }

  issuer(): Promise<string> {
    return this.#first(({ issuer }) => issuer);
  }

  /** An identity that was there at the start. */
  identity(name: string): Promise<Identity> {
    return this.#first(({ identities }) => identities?.find((identity) => identity.name === name));
  }

  /** The environment of a pod that runs as so and so. */
  endpoint(as: string): Promise<Environment> {
    return this.#first((event) => (event.event === "endpoint" && event.as === as ? event.environment : undefined));
  }

  /** What a program needs to find a vault, and to trust it. */
  vault(name: string): Promise<Environment> {
    return this.#first((event) => (event.event === "vault" && event.vault === name ? event.environment : undefined));
  }

  identityThat(change: "appeared" | "deleted"): Promise<Identity> {
    return this.#first((event) => (event.event === "identity" && event.change === change ? event.identity : undefined));
  }

  #first<T>(wanted: (event: LanyardEvent) => T | undefined): Promise<T> {
    return this.#process.until(0, (line) => wanted(JSON.parse(line) as LanyardEvent));
  }
}
