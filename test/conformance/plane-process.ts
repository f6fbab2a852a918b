import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DevEvent, IdentityRow } from "../../cli/dev/events.ts";
import type { IdentityName } from "./cases.ts";

export const world = join(import.meta.dirname, "world");

/** `lanyard dev` as a person runs it, with an endpoint for everyone in the files. */
export interface PlaneProcess {
  readonly issuer: string;
  readonly identity: (name: IdentityName) => IdentityRow;
  /** The variables that a container of that pod gets. */
  readonly environmentOf: (pod: string) => Readonly<Record<string, string>>;
  /** The variables by which a program finds the only vault and trusts it. */
  readonly vaultEnvironment: () => Readonly<Record<string, string>>;
  /** Resolves once it has ended. */
  readonly stop: () => Promise<void>;
}

type EventOf<Name extends DevEvent["event"]> = Extract<DevEvent, { event: Name }>;

/** Resolves when it is ready; rejects when it ends before that. */
export async function startPlaneProcess(files = world, ...options: readonly string[]): Promise<PlaneProcess> {
  const main = join(import.meta.dirname, "../../cli/main.ts");
  const child = spawn(process.execPath, [main, "dev", "-f", files, "-o", "json", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const events: DevEvent[] = [];
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      const event: DevEvent = JSON.parse(line);
      events.push(event);
      if (event.event === "ready") resolve();
    });
    lines.once("close", () => reject(new Error(`lanyard dev ended before it was ready: ${JSON.stringify(events)}`)));
  });

  const isEvent =
    <Name extends DevEvent["event"]>(name: Name) =>
    (event: DevEvent): event is EventOf<Name> =>
      event.event === name;
  const identities = events.filter(isEvent("identities")).flatMap((event) => event.identities);

  return {
    issuer: known(events.find(isEvent("started")), "issuer").issuer,
    identity: (name) =>
      known(
        identities.find((row) => isCalled(row, name)),
        name,
      ),
    environmentOf: (pod) =>
      known(
        events.filter(isEvent("endpoint")).find(({ as }) => as === pod),
        pod,
      ).environment,
    vaultEnvironment: () => known(events.find(isEvent("vault")), "vault").environment,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function isCalled(row: IdentityRow, name: IdentityName): boolean {
  return row.type === "UserAssigned" ? row.name === name : row.usedBy.includes(name);
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`lanyard dev told nothing of ${name}`);
  return found;
}
