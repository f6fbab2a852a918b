import type { Listener } from "../../http/connections.ts";
import { createTlsServer } from "../../http/server.ts";
import { vaultEnvironment } from "../../identity/names.ts";
import type { ProtectedResource } from "../../identity/protected-resource.ts";
import type { KeyPair } from "../../kube/key-pair.ts";
import { keyText, type ObjectKey } from "../../kube/kind.ts";
import { vaultErrorBody } from "../../vault/http.ts";
import type { VaultAt } from "../../vault/settings.ts";
import { listenOnLoopback } from "./listen-loopback.ts";
import type { Report } from "./reports.ts";

interface VaultServer {
  readonly key: ObjectKey;
  readonly port: number;
  close(): Promise<void>;
}

interface VaultServersOptions {
  readonly certificate: KeyPair;
  readonly firstPort: number | undefined;
  /** The variables by which a program trusts the certificate. */
  readonly trust: Readonly<Record<string, string>>;
  readonly report: Report;
}

/** A port for each vault: on a laptop no name of a Service leads anywhere. A port stays when its vault goes, and then says so. */
export class VaultServers {
  readonly #options: VaultServersOptions;
  readonly #servers = new Map<string, VaultServer>();
  #announced = false;

  constructor(options: VaultServersOptions) {
    this.#options = options;
  }

  /** The port says which vault; the Host must be this machine, or a page of a browser could be made to ask for it (DNS rebinding). */
  readonly vaultAt: VaultAt = ({ host, localPort }) => {
    const hosts = ["localhost", "127.0.0.1"].map((name) => `${name}:${localPort}`);
    const server = [...this.#servers.values()].find(({ port }) => port === localPort);
    return hosts.includes(host?.toLowerCase() ?? "") ? server?.key : undefined;
  };

  portOf(vault: ObjectKey): number | undefined {
    return this.#servers.get(keyText(vault))?.port;
  }

  async follow(resources: readonly ProtectedResource[], listener: Listener): Promise<void> {
    for (const { metadata, spec } of resources) {
      const key = { namespace: metadata.namespace, name: metadata.name };
      if (spec.vault === undefined || this.#servers.has(keyText(key))) continue;
      await this.#open(key, listener);
      if (this.#announced) this.#announce(key);
    }
  }

  announce(): void {
    this.#announced = true;
    for (const { key } of this.#servers.values()) this.#announce(key);
    if (this.#servers.size > 0) return;
    const message = "no vault is served: no ProtectedResource of the files has spec.vault";
    this.#options.report({ event: "notice", message });
  }

  /** What a program needs to find the vaults and to trust them. */
  get environment(): Record<string, string> {
    const servers = [...this.#servers.values()];
    const [only, ...others] = servers;
    const single = only !== undefined && others.length === 0 ? { [vaultEnvironment.url]: urlOf(only) } : {};
    const each = servers.map((server) => [variableOf(server.key), urlOf(server)] as const);
    return { ...single, ...Object.fromEntries(each), ...(only === undefined ? {} : this.#options.trust) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  async #open(key: ObjectKey, listener: Listener): Promise<void> {
    const { certificate, firstPort } = this.#options;
    const port = firstPort === undefined ? 0 : firstPort + this.#servers.size;
    const server = createTlsServer(certificate, { errorBody: vaultErrorBody }, listener);
    this.#servers.set(keyText(key), { key, ...(await listenOnLoopback(server, port, "--vault-port")) });
  }

  #announce(key: ObjectKey): void {
    const server = this.#servers.get(keyText(key));
    if (server === undefined) return;
    const { report } = this.#options;
    report({ event: "vault", vault: keyText(key), url: urlOf(server), environment: this.environment });
  }
}

const urlOf = ({ port }: VaultServer): string => `https://localhost:${port}`;

/** `VAULT_URL_PAYMENTS_PAYMENTS_VAULT`. */
function variableOf({ namespace = "", name }: ObjectKey): string {
  return [vaultEnvironment.url, namespace, name]
    .join("_")
    .replaceAll(/[^0-9A-Za-z]/g, "_")
    .toUpperCase();
}
