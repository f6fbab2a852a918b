import { type Child, type Command, startChild } from "./child.ts";
import { copyConfigured } from "./configured.ts";
import { freePort } from "./free-port.ts";
import { presentBearer } from "./http-target.ts";
import { programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { privateFolder } from "./private-folder.ts";
import type { RunningTarget } from "./target.ts";

export interface RunningNginx extends RunningTarget {
  readonly url: string;
  /** Ends the verifier that nginx asks, and nothing else. */
  readonly stopVerifier: () => Promise<void>;
}

const example = `${examples}/nginx`;

/** nginx with the verifier and the application behind it, each a process of its own, in one private folder. */
export async function startNginx(issuer: string): Promise<RunningNginx> {
  const folder = await privateFolder();
  const port = await freePort();
  await copyConfigured(`${example}/nginx.conf`, folder.path, { "127.0.0.1:8080": `127.0.0.1:${port}` });
  const start = (command: Command, ready: RegExp): Promise<Child> =>
    startChild(command, { env: { PATH: process.env.PATH, ISSUER: issuer }, cwd: folder.path }, ready);

  const verifier = await start([process.execPath, `${example}/verifier.ts`], /^listening on/);
  const application = await start([process.execPath, `${example}/application.ts`], /^listening on/);
  // Who is root would otherwise get workers of another user, who may not open the sockets of a private folder.
  const directives = `${process.getuid?.() === 0 ? "user root;" : ""} error_log stderr notice;`;
  const command: Command = [programs.nginx, "-p", folder.path, "-c", `${folder.path}/nginx.conf`, "-g", directives];
  const proxy = await start(command, /start worker process/);
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    present: (token) => presentBearer(url, token),
    client: (audience) => [process.execPath, `${examples}/node/client.ts`, audience, url],
    isRunning: () => [proxy, verifier, application].every((child) => child.isRunning()),
    stopVerifier: verifier.stop,
    async stop() {
      await Promise.all([proxy, verifier, application].map((child) => child.stop()));
      await folder.remove();
    },
  };
}
