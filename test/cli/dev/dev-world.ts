import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Dev, type DevOptions, startDev } from "../../../cli/dev/dev.ts";
import type { Endpoint } from "../../../cli/dev/endpoint.ts";
import type { DevEvent } from "../../../cli/dev/events.ts";
import { parseWorkloadReference, type WorkloadReference } from "../../../cli/dev/workload-reference.ts";

type EventNamed<Name extends DevEvent["event"]> = Extract<DevEvent, { event: Name }>;

/** A directory that is gone when the test is. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "lanyard-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** What `lanyard dev` reports: a test waits for an event instead of for some time. */
export class Events {
  readonly all: DevEvent[] = [];
  readonly #listeners = new Set<() => void>();

  readonly report = (event: DevEvent): void => {
    this.all.push(event);
    for (const listener of this.#listeners) listener();
  };

  /** The first event of that name, from now on or since `from`, that is as wanted. */
  next<Name extends DevEvent["event"]>(
    name: Name,
    isWanted: (event: EventNamed<Name>) => boolean = () => true,
    from = this.all.length,
  ): Promise<EventNamed<Name>> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.all
          .slice(from)
          .find((event): event is EventNamed<Name> => event.event === name && isWanted(event as EventNamed<Name>));
        if (found === undefined) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }
}

export interface DevWorld {
  readonly dev: Dev;
  readonly directory: string;
  readonly events: Events;
  /** Writes files into the directory that is followed. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(name: string): Promise<void>;
  endpoint(as: string): Endpoint;
}

/** `lanyard dev -f DIRECTORY` in this process, until the test ends. */
export async function devWorld(
  files: Readonly<Record<string, string>>,
  options: Partial<DevOptions> = {},
): Promise<DevWorld> {
  const directory = await temporaryDirectory();
  const write = async (contents: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(contents)) await writeFile(join(directory, name), text);
  };
  await write(files);
  const events = new Events();
  const dev = await startDev({ files: [directory], as: [], report: events.report, ...options });
  onTestFinished(() => dev.stop());
  return {
    ...{ dev, directory, events, write },
    remove: (name) => rm(join(directory, name)),
    endpoint(as) {
      const found = dev.endpoints.find((endpoint) => endpoint.as === as);
      if (found === undefined) throw new Error(`no endpoint for ${as}: ${dev.endpoints.map((one) => one.as)}`);
      return found;
    },
  };
}

export function reference(text: string): WorkloadReference {
  const parsed = parseWorkloadReference(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks an endpoint for a token as an SDK does, by the App Service protocol. */
export async function askForToken(endpoint: Endpoint, audience: string): Promise<Answer> {
  const { IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" } = endpoint.environment({});
  const query = new URLSearchParams({ resource: audience, "api-version": "2019-08-01" });
  const reply = await fetch(`${IDENTITY_ENDPOINT}?${query}`, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } });
  return { status: reply.status, body: (await reply.json()) as Answer["body"] };
}
