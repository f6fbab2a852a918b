import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { type Child, runToEnd, startChild } from "./child.ts";
import { copyConfigured } from "./configured.ts";
import { freePort } from "./free-port.ts";
import { programs, vaultFolder } from "./installation.ts";
import { examples } from "./plane.ts";
import { privateFolder } from "./private-folder.ts";
import type { Outcome, RunningTarget, Surroundings } from "./target.ts";
import { VaultApi } from "./vault-api.ts";

export interface RunningVault extends RunningTarget {
  readonly api: VaultApi;
}

const example = join(examples, "vault");
const path = `${vaultFolder}:${process.env.PATH}`;

/** Vault, set up while the issuer is there, and started again when it is gone; beside it the archive, whose password it keeps. */
export async function startVault({ issuer, ordersToken, issuerGoes }: Surroundings): Promise<RunningVault> {
  const folder = await privateFolder();
  const [port, clusterPort, password] = [await freePort(), await freePort(), crypto.randomUUID()];
  await copyConfigured(join(example, "vault.hcl"), folder.path, {
    "127.0.0.1:8200": `127.0.0.1:${port}`,
    "127.0.0.1:8201": `127.0.0.1:${clusterPort}`,
  });
  await mkdir(join(folder.path, "data"));
  const api = new VaultApi(`http://127.0.0.1:${port}`);

  const first = await startServer(folder.path);
  const { rootToken, unsealKey } = await api.initialise();
  await api.unseal(unsealKey);
  const ORDERS = decodeJwt(ordersToken).sub;
  const env = {
    PATH: path,
    HOME: folder.path,
    VAULT_ADDR: api.address,
    VAULT_TOKEN: rootToken,
    ISSUER: issuer,
    ORDERS,
  };
  await setUp(password, env);
  await first.stop();

  await issuerGoes();
  const server = await startServer(folder.path);
  await api.unseal(unsealKey);
  const archive = await startArchive(password);
  return {
    api,
    present: (token) => present(api, token),
    client: () => ["env", `VAULT_ADDR=${api.address}`, programs.python, join(example, "client.py"), archive.url],
    isRunning: server.isRunning,
    async stop() {
      await Promise.all([server.stop(), archive.child.stop()]);
      await folder.remove();
    },
  };
}

function startServer(cwd: string): Promise<Child> {
  const env = { PATH: process.env.PATH, HOME: cwd };
  return startChild([programs.vault, "server", "-config=vault.hcl"], { env, cwd }, /Vault server started!/);
}

async function setUp(password: string, env: NodeJS.ProcessEnv): Promise<void> {
  const script = join(example, "set-up.sh");
  const { code, output } = await runToEnd(["sh", "-c", `printf %s "$PASSWORD" | "${script}"`], {
    env: { ...env, PASSWORD: password },
  });
  if (code !== 0) throw new Error(output);
}

async function startArchive(password: string): Promise<{ readonly child: Child; readonly url: string }> {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ARCHIVE_PASSWORD: password, PORT: String(port) };
  const child = await startChild([programs.python, join(example, "archive.py")], { env }, /^listening on/);
  return { child, url: `http://127.0.0.1:${port}/` };
}

/** Logs in with a token, and reads the secret that the login is for. */
async function present(api: VaultApi, token: string): Promise<Outcome> {
  const session = await api.login(token);
  if (session === undefined) return "refused";
  return (await api.read("secret/data/archive", session)) === 200 ? "allowed" : "forbidden";
}
