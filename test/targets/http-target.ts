import { type Child, type Command, startChild } from "./child.ts";
import { freePort } from "./free-port.ts";
import type { Outcome, RunningTarget } from "./target.ts";

const outcomes: Readonly<Record<number, Outcome>> = {
  200: "allowed",
  401: "refused",
  403: "forbidden",
};

/** Shows a token to an HTTP service, as RFC 6750 §2.1 says. */
export async function presentBearer(url: string, token: string, unavailableStatus = 503): Promise<Outcome> {
  const { status } = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const outcome = status === unavailableStatus ? "unavailable" : outcomes[status];
  if (outcome === undefined) throw new Error(`${url} answered ${status}`);
  return outcome;
}

export interface HttpService {
  readonly service: Command;
  /** The client program, without its arguments. */
  readonly client: Command;
  readonly issuer: string;
  /** What it answers where it cannot decide; others say 503. */
  readonly unavailableStatus?: number;
}

/** Starts one of the services of examples/targets: they say where they listen, and their clients take AUDIENCE and URL. */
export async function startHttpService({
  service,
  client,
  issuer,
  unavailableStatus,
}: HttpService): Promise<RunningTarget> {
  const port = String(await freePort());
  const env = { PATH: process.env.PATH, ISSUER: issuer, PORT: port };
  const child: Child = await startChild(service, { env }, /^listening on/);
  const url = `http://127.0.0.1:${port}/`;
  return {
    present: (token) => presentBearer(url, token, unavailableStatus),
    client: (audience) => [...client, audience, url],
    isRunning: child.isRunning,
    stop: child.stop,
  };
}
