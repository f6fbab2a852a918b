import { setTimeout } from "node:timers/promises";

const ELECTION_POLL_MILLISECONDS = 100;

interface Seal {
  readonly rootToken: string;
  readonly unsealKey: string;
}

/** As much of Vault's HTTP API as the tests need. https://developer.hashicorp.com/vault/api-docs */
export class VaultApi {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  async initialise(): Promise<Seal> {
    const response = await this.#put("sys/init", { secret_shares: 1, secret_threshold: 1 });
    const { root_token, keys }: { root_token: string; keys: [string] } = JSON.parse(await response.text());
    return { rootToken: root_token, unsealKey: keys[0] };
  }

  /** Resolves once it answers: a server elects itself first, even when it is the only one. */
  async unseal(key: string): Promise<void> {
    const response = await this.#put("sys/unseal", { key });
    if (!response.ok) throw new Error(await response.text());
    while (!(await fetch(`${this.address}/v1/sys/health`)).ok) await setTimeout(ELECTION_POLL_MILLISECONDS);
  }

  /** The token of a session, or none when Vault does not take the JWT. */
  async login(jwt: string): Promise<string | undefined> {
    const response = await this.#put("auth/jwt/login", { role: "archive-password", jwt });
    if (response.status === 400) return undefined;
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const { auth }: { auth: { client_token: string } } = JSON.parse(await response.text());
    return auth.client_token;
  }

  /** The status of the reply. */
  async read(path: string, session: string): Promise<number> {
    return (await fetch(`${this.address}/v1/${path}`, { headers: { "X-Vault-Token": session } })).status;
  }

  #put(path: string, body: object): Promise<Response> {
    return fetch(`${this.address}/v1/${path}`, { method: "PUT", body: JSON.stringify(body) });
  }
}
