import { type ClientProcess, startClient } from "./client-process.ts";
import type { LanguageName } from "./languages.ts";

type Environment = Readonly<Record<string, string>>;

/** One client program a language and pod, started when it is first needed. */
export class ClientProcesses {
  readonly #running = new Map<string, ClientProcess>();

  /** `as` tells the pods apart. */
  of(language: LanguageName, as: string, environment: Environment): ClientProcess {
    const key = `${language} ${as}`;
    const client = this.#running.get(key) ?? startClient(language, environment);
    this.#running.set(key, client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((client) => client.close()));
  }
}
