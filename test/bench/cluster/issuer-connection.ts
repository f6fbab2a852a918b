import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { IssuerAccess } from "./grant-effect.ts";

export interface IssuerAnswer {
  readonly status: number;
  readonly body: string;
}

interface Message {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** The issuer in the cluster, asked from this machine. */
export class IssuerConnection {
  readonly #agent: Agent;
  readonly #address: string;

  constructor({ address, ca, servername }: IssuerAccess) {
    this.#agent = new Agent({ keepAlive: true, ca, servername });
    this.#address = address;
  }

  send({ method, path, headers = {}, body = "" }: Message): Promise<IssuerAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<IssuerAnswer>();
    const sent = request(`https://${this.#address}${path}`, { method, headers, agent: this.#agent }, (response) => {
      text(response).then((received) => resolve({ status: response.statusCode ?? 0, body: received }), reject);
    });
    sent.on("error", reject);
    sent.end(body);
    return promise;
  }

  post(path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
    return this.send({
      ...{ method: "POST", path, headers: { ...FORM, ...headers }, body: new URLSearchParams(form).toString() },
    });
  }

  exchange(subjectToken: string, audience: string): Promise<IssuerAnswer> {
    return this.post("/oauth2/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      ...{ subject_token: subjectToken, audience },
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
