import type { FileMode } from "./secret-files-settings.ts";

/** The few functions of node:fs/promises that write secrets, loaded only where there are secrets to write. */
export type FileFunctions = Pick<typeof import("node:fs/promises"), "open" | "readdir" | "rename" | "rm">;

export interface SecretsDirectory {
  /** Puts a whole new file in the place of the old one: a reader sees either, never a part. */
  write(file: string, content: Uint8Array): Promise<void>;
  remove(file: string): Promise<void>;
  /** Removes what a process that ended in the middle of a write has left. */
  clear(): Promise<void>;
}

const BEGUN = /^\..+\.new$/;

/** No file of an author's begins with a dot, so a file that is being written has no other's name. */
export function secretsDirectory(directory: string, mode: FileMode, functions: FileFunctions): SecretsDirectory {
  const pathOf = (name: string): string => `${directory}/${name}`;
  return {
    async write(file, content) {
      const begun = pathOf(`.${file}.new`);
      await functions.rm(begun, { force: true });
      // Exclusive: fails where there is anything, even a link that leads elsewhere.
      const handle = await functions.open(begun, "wx", mode);
      try {
        await handle.writeFile(content);
        // What the process's umask took away.
        await handle.chmod(mode);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await functions.rename(begun, pathOf(file));
    },
    remove: (file) => functions.rm(pathOf(file), { force: true }),
    async clear() {
      const left = (await functions.readdir(directory)).filter((name) => BEGUN.test(name));
      await Promise.all(left.map((name) => functions.rm(pathOf(name), { force: true })));
    },
  };
}
