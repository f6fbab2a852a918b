import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { KubeApi } from "../../kube/api.ts";
import { allKinds } from "../../kube/kinds.ts";
import type { Log } from "../../kube/log.ts";
import { webhookLimits } from "../../webhook/limits.ts";
import type { Observation } from "../../webhook/listener.ts";
import type { WebhookSettings } from "../../webhook/settings.ts";
import { startWebhook, type Webhook } from "../../webhook/webhook.ts";
import { boundingKinds } from "../kube/cluster-kinds.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { World } from "../support/world.ts";
import { HEADER, settings } from "./facts.ts";

export interface WebhookWorld {
  readonly world: World;
  readonly webhook: Webhook;
  readonly url: string;
  readonly observed: Observation[];
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** Posts a body to a path. */
  readonly post: (path: string, body: unknown) => Promise<Response>;
}

interface Options {
  readonly settings?: Partial<WebhookSettings>;
  readonly timeoutSeconds?: number;
  /** Stands between the webhook and the API. */
  readonly through?: (api: KubeApi) => KubeApi;
}

/** A cluster, and a webhook that serves on a real port until the test ends. */
export async function webhookWorld(options: Options = {}): Promise<WebhookWorld> {
  const world = await World.create(new FakeClock(), [...allKinds, ...boundingKinds]);
  const observed: Observation[] = [];
  const logged: string[] = [];
  const webhook = startWebhook({
    api: options.through?.(world.api) ?? world.api,
    clock: world.clock,
    log: recordingLog(logged),
    settings: { ...settings, ...options.settings },
    timeoutSeconds: options.timeoutSeconds ?? webhookLimits.timeoutSeconds,
    serverHasNativeSidecars: () => true,
    random: () => HEADER,
    observe: (observation) => observed.push(observation),
  });
  const server = createServer(webhook.listener);
  const url = await listening(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await webhook.stop();
  });
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { world, webhook, url, observed, logged, post };
}

function recordingLog(logged: string[]): Log {
  const record = (fields: object, message: string): void => void logged.push(`${JSON.stringify(fields)} ${message}`);
  return { info: record, warn: record, error: record };
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
