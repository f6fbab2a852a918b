import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findPrograms } from "./build.ts";
import { type Component, startComponent } from "./component.ts";
import { apiServer } from "./control-plane.ts";
import { folders, NODE_ADDRESS } from "./layout.ts";
import { toKubelet } from "./start-node.ts";
import { stopComponent } from "./stop-component.ts";

interface Restart {
  /** Beside those that it always has. */
  readonly flags?: readonly string[];
  /** Names that it shall resolve, and their addresses: it does not ask the cluster's own DNS. */
  readonly hosts?: Readonly<Record<string, string>>;
}

/** Ends the node's API server and starts it again; the rest of the node goes on meanwhile. */
export async function restartApiServer({ flags = [], hosts }: Restart = {}): Promise<void> {
  const programs = findPrograms();
  if (programs === undefined) throw new Error("The node's programs are gone: node test/cluster/up.ts builds them.");
  const server = apiServer({ programs: programs.folder, address: NODE_ADDRESS }, [...toKubelet, ...flags]);
  await stopComponent(server.name);
  await startComponent(hosts === undefined ? server : await withHosts(server, hosts));
}

/** With a hosts file of its own, in a mount namespace of its own: the machine's stays as it is. */
async function withHosts(component: Component, hosts: Readonly<Record<string, string>>): Promise<Component> {
  const lines = Object.entries(hosts).map(([name, address]) => `${address} ${name}\n`);
  const file = join(folders.configuration, `hosts-of-${component.name}`);
  await mkdir(folders.configuration, { recursive: true });
  await writeFile(file, (await readFile("/etc/hosts", "utf8")) + lines.join(""));
  const [program] = component.command;
  const script = 'mount --bind "$0" /etc/hosts && exec "$@"';
  return {
    ...component,
    becomes: program,
    command: ["unshare", "--mount", "sh", "-c", script, file, ...component.command],
  };
}
