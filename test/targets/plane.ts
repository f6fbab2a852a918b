import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DevEvent } from "../../cli/dev/events.ts";
import { exportSigningKeys, generateSigningKeys, type SigningKeys } from "../../issuer/signing-keys.ts";
import { type Child, type Command, type Ended, runToEnd, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";

export const root = join(import.meta.dirname, "../..");
export const examples = join(root, "examples/targets");

/** Who calls, as `lanyard dev --as` names them: see examples/targets/callers.yaml. */
export type Caller = "shop/orders" | "shop/reports" | "shop/visitor";

/** The variables that a container of a pod gets. */
type Environment = Readonly<Record<string, string>>;

/** `lanyard dev` for one target's YAML. Its keys and ids stay the same from run to run, until they are replaced. */
export class Plane {
  readonly issuer: string;
  readonly #folder: string;
  readonly #options: readonly string[];
  #keys: SigningKeys;

  private constructor(folder: string, port: number, manifests: string, keys: SigningKeys) {
    this.issuer = `http://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#keys = keys;
    const files = [join(examples, "callers.yaml"), manifests].flatMap((file) => ["-f", file]);
    this.#options = [...files, "--issuer-port", String(port), "--state", join(folder, "state")];
  }

  /** Prepares it; nothing runs yet. `target` is a folder of examples/targets. */
  static async create(target: string): Promise<Plane> {
    const folder = await mkdtemp(join(tmpdir(), "lanyard-targets-"));
    await mkdir(join(folder, "state"), { mode: 0o700 });
    const manifests = join(examples, target, "access.yaml");
    const plane = new Plane(folder, await freePort(), manifests, await generateSigningKeys());
    await plane.replaceKeys();
    return plane;
  }

  /** What its issuer signs with, so that a test can sign what the issuer never would. */
  get keys(): SigningKeys {
    return this.#keys;
  }

  /** As if the old keys had leaked: the next run signs with new ones, and knows no other. */
  async replaceKeys(): Promise<void> {
    this.#keys = await generateSigningKeys();
    await writeFile(join(this.#folder, "state/keys.json"), JSON.stringify(await exportSigningKeys(this.#keys)));
  }

  /** Runs a program as a pod, as a person would: `lanyard dev … --as … -- COMMAND`. The issuer is up as long as it runs. */
  runAs(caller: Caller, command: Command): Promise<Ended> {
    return runToEnd([...this.#lanyardDev(), "--as", caller, "--", ...command], { env: process.env });
  }

  /** Keeps the issuer up, with an endpoint for everyone. */
  async start(): Promise<RunningPlane> {
    const child = await startChild(
      [...this.#lanyardDev(), "-o", "json"],
      { env: process.env },
      /^\{"event":"ready"\}$/,
    );
    return { child, environments: environmentsIn(child.output()) };
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  #lanyardDev(): Command {
    return [process.execPath, join(root, "cli/main.ts"), "dev", ...this.#options];
  }
}

export interface RunningPlane {
  readonly child: Child;
  readonly environments: ReadonlyMap<string, Environment>;
}

function environmentsIn(output: string): ReadonlyMap<string, Environment> {
  const events: DevEvent[] = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return new Map(
    events.flatMap((event): [string, Environment][] =>
      event.event === "endpoint" ? [[event.as, event.environment]] : [],
    ),
  );
}

/** A token from the endpoint of that pod; throws with the endpoint's own words when there is none. */
export async function tokenOf({ environments }: RunningPlane, caller: Caller, audience: string): Promise<string> {
  const { IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" } = environments.get(caller) ?? {};
  const response = await fetch(`${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`, {
    headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER },
  });
  const reply = await response.text();
  if (!response.ok) throw new Error(reply);
  return JSON.parse(reply).access_token;
}
