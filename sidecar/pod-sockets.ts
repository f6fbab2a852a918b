/** The few functions of node:fs/promises that read /proc, loaded by classic sidecars alone. */
export type ProcFunctions = Pick<typeof import("node:fs/promises"), "open" | "readdir" | "readlink">;

const TABLES = ["tcp", "tcp6", "udp", "udp6"];
/** Some 400 sockets: whether there are any is all that counts. */
const TABLE_BYTES = 64 * 1024;

/**
 * Counts the sockets in this process's network namespace that another process holds: those of the pod's other containers.
 * Undefined if /proc cannot be read. https://man7.org/linux/man-pages/man5/proc_pid_net.5.html
 */
export async function countForeignSockets(functions: ProcFunctions): Promise<number | undefined> {
  try {
    const tables = await Promise.all(TABLES.map((table) => readTable(functions, `/proc/self/net/${table}`)));
    const own = await ownSockets(functions);
    return tables.flatMap(heldSockets).filter((inode) => !own.has(inode)).length;
  } catch {
    return undefined;
  }
}

/** The inode is the tenth column; one that no process holds any more, such as in TIME_WAIT, has 0. */
export function heldSockets(table: string): string[] {
  const [, ...rows] = table.split("\n");
  return rows.flatMap((row) => {
    const inode = row.trim().split(/\s+/)[9];
    return inode === undefined || !/^[1-9]\d*$/.test(inode) ? [] : [inode];
  });
}

/** A kernel without IPv6 has no tables of it. */
async function readTable({ open }: ProcFunctions, path: string): Promise<string> {
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return "";
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(TABLE_BYTES));
    return new TextDecoder().decode(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

async function ownSockets({ readdir, readlink }: ProcFunctions): Promise<ReadonlySet<string>> {
  const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
  const inodes = (await Promise.all(links)).map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]);
  return new Set(inodes.filter((inode) => inode !== undefined));
}
