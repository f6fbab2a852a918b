import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Listener } from "../../http/connections.ts";
import { createPlainServer } from "../../http/server.ts";
import type { AuditRecord } from "../../issuer/audit.ts";
import { type Issuer, startIssuer } from "../../issuer/issuer.ts";
import { oauthErrorBody } from "../../issuer/oauth-error.ts";
import type { Observation } from "../../issuer/observation.ts";
import { defaultIssuerSettings, type IssuerSettings } from "../../issuer/settings.ts";
import { generateSigningKeys, type SigningKeys } from "../../issuer/signing-keys.ts";
import { EventRecorder } from "../../kube/event-recorder.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds } from "../../kube/kinds.ts";
import type { Log } from "../../kube/log.ts";
import { CLUSTER_ISSUER, ClusterTokens } from "./cluster-tokens.ts";
import { FakeClock, settle } from "./fake-clock.ts";
import { World } from "./world.ts";

const keys: Promise<SigningKeys> = generateSigningKeys();

export interface IssuerWorld {
  readonly world: World;
  readonly tokens: ClusterTokens;
  readonly issuer: Issuer;
  readonly signingKeys: SigningKeys;
  /** Where the issuer serves; also the `iss`. */
  readonly url: string;
  readonly audit: AuditRecord[];
  /** Everything that was logged, as text. */
  readonly logged: string[];
  readonly observed: Observation[];
  /** How many requests came from an address that nobody is known by. */
  readonly unknownSources: () => number;
  /** How many came from such an address for a pod that has just started. */
  readonly unreportedSources: () => number;
  /** Posts a form; a string is sent as it is. */
  readonly post: (
    path: string,
    form: Record<string, string> | string,
    headers?: Record<string, string>,
  ) => Promise<Response>;
  readonly get: (path: string, init?: RequestInit) => Promise<Response>;
}

/** A cluster, and an issuer that serves it on a real port until the test ends. */
export async function issuerWorld(
  settings: Partial<IssuerSettings> = {},
  build: (world: World) => Promise<unknown> = async () => {},
  kinds: readonly Kind[] = allKinds,
): Promise<IssuerWorld> {
  const world = await World.create(new FakeClock(), kinds);
  await build(world);
  const tokens = await ClusterTokens.create(world.clock);
  const audit: AuditRecord[] = [];
  const logged: string[] = [];
  const observed: Observation[] = [];
  const unproven = { unknown: 0, unreported: 0 };
  const reporter = { reportingController: "lanyard.dev/issuer", reportingInstance: "lanyard-issuer-1" };
  let listener: Listener = () => {};
  const { server, url } = await listen((request, response) => listener(request, response));
  const signingKeys = await keys;
  const issuer = startIssuer({
    api: world.api,
    clock: world.clock,
    log: textLog(logged),
    audit: (record) => audit.push(record),
    url,
    clusterTokens: { keys: async () => tokens.keySet, current: async () => CLUSTER_ISSUER, review: async () => false },
    signingKeys,
    settings: { ...defaultIssuerSettings, ...settings },
    events: new EventRecorder({ api: world.api, clock: world.clock, ...reporter }),
    observe: (observation) => observed.push(observation),
    onUnprovenSource: (source) => {
      unproven[source] += 1;
    },
  });
  listener = issuer.listener;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await issuer.stop();
  });
  await issuer.synced;
  return {
    ...{ world, tokens, issuer, signingKeys, url, audit, logged, observed },
    unknownSources: () => unproven.unknown,
    unreportedSources: () => unproven.unreported,
    async post(path, form, headers = {}) {
      await settle();
      const body = typeof form === "string" ? form : new URLSearchParams(form);
      return fetch(url + path, { method: "POST", body, headers });
    },
    async get(path, init = {}) {
      await settle();
      return fetch(url + path, init);
    },
  };
}

async function listen(listener: Listener): Promise<{ server: Server; url: string }> {
  const server = createPlainServer({ errorBody: oauthErrorBody }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${portOf(server.address())}` };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}

export function textLog(lines: string[]): Log {
  const write = (fields: object, message: string): void => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  return { info: write, warn: write, error: write };
}
