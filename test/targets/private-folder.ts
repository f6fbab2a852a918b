import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PrivateFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Where one program of one test keeps all that it writes. Short, since a Unix socket's path has at most 107 bytes. */
export async function privateFolder(): Promise<PrivateFolder> {
  const path = await mkdtemp(join(tmpdir(), "lanyard-target-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
