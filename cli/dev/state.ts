import { randomUUID } from "node:crypto";
import { access, constants, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import {
  exportSigningKeys,
  generateSigningKeys,
  importSigningKeys,
  type SigningKeys,
} from "../../issuer/signing-keys.ts";
import type { KubeApi } from "../../kube/api.ts";
import type { Kind, ObjectKey } from "../../kube/kind.ts";
import { allKinds, events, pods, replicaSets } from "../../kube/kinds.ts";
import { UsageError } from "../usage-error.ts";
import { objectName } from "./apply-manifests.ts";
import { lockState } from "./state-lock.ts";

/** What stays the same from run to run: who signs, and who is who. Without `--state` it lives as long as the process. */
export interface State {
  readonly signingKeys: SigningKeys;
  /** The UID of an object about to be created: the one that it had when the last run ended, else a new one. */
  readonly newUid: (kind: Kind, key: ObjectKey) => string;
  /** The port that the issuer had, so that the `iss` of tokens stays the same. */
  readonly issuerPort: number | undefined;
  save(api: KubeApi, issuerPort: number): Promise<void>;
  /** Lets another process use the directory. */
  close(): Promise<void>;
}

const savedSchema = z.object({
  issuerPort: z.int().min(1).max(65535),
  uids: z.record(z.string(), z.uuid()),
});

/** Pods and ReplicaSets are new in every run, as after a restart of a cluster's nodes. */
const kept = allKinds.filter((kind) => kind !== events && kind !== pods && kind !== replicaSets);

/** Reads `--state DIR`, and makes it when it is not there: `keys.json` is readable by its owner only. */
export async function openState(directory: string | undefined): Promise<State> {
  if (directory === undefined) return inMemory(await generateSigningKeys());
  await makeDirectory(directory);
  const close = await lockState(directory);
  try {
    return await readState(directory, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function readState(directory: string, close: () => Promise<void>): Promise<State> {
  const signingKeys = await readOrMakeKeys(join(directory, "keys.json"));
  const file = join(directory, "state.json");
  const saved = await readJson(file, (json) => savedSchema.parse(json));
  const uids = new Map(Object.entries(saved?.uids ?? {}));
  return {
    signingKeys,
    issuerPort: saved?.issuerPort,
    newUid: (kind, key) => takeUid(uids, objectName(kind, key)),
    save: async (api, issuerPort) => writeJson(file, { issuerPort, uids: await currentUids(api) }),
    close,
  };
}

/** Not with its parents: Node never comes back from that below /proc. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 }).catch(unlessThere);
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`--state ${directory} is no directory that can be written to (${(error as Error).message})`);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function inMemory(signingKeys: SigningKeys): State {
  return {
    signingKeys,
    issuerPort: undefined,
    newUid: () => randomUUID(),
    save: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Once only: an object that is deleted and made again in this run is a new one. */
function takeUid(uids: Map<string, string>, name: string): string {
  const uid = uids.get(name) ?? randomUUID();
  uids.delete(name);
  return uid;
}

async function readOrMakeKeys(file: string): Promise<SigningKeys> {
  const saved = await readJson(file, importSigningKeys);
  if (saved !== undefined) return saved;
  const keys = await generateSigningKeys();
  await writeJson(file, await exportSigningKeys(keys));
  return keys;
}

async function currentUids(api: KubeApi): Promise<Record<string, string>> {
  const lists = await Promise.all(kept.map(async (kind) => ({ kind, list: await api.list(kind) })));
  const entries = lists.flatMap(({ kind, list }) =>
    list.items.map(({ metadata }) => [objectName(kind, metadata), metadata.uid] as const),
  );
  return Object.fromEntries(entries);
}

async function readJson<T>(file: string, parse: (json: never) => T | Promise<T>): Promise<T | undefined> {
  try {
    return await parse(JSON.parse(await readFile(file, "utf8")) as never);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(
      `${file} is not what lanyard dev wrote: delete it to start anew (${(error as Error).message})`,
    );
  }
}

/** Whole or not at all: a process that dies while it writes leaves the old file. */
async function writeJson(file: string, content: unknown): Promise<void> {
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
