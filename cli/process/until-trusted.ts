import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { mutatingWebhookConfigurations, type WebhookConfiguration } from "../../kube/cluster-kinds.ts";
import type { Log } from "../../kube/log.ts";
import { watchObject } from "../../kube/watched-object.ts";

interface Trusting {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Resolves once the API server is told whose certificates to trust in every entry of a configuration. Until then it
 * calls the webhook in vain, and who was told that the webhook is ready could create no pod.
 */
export async function untilTrusted(trusting: Trusting, configuration: string): Promise<void> {
  const { promise: trusted, resolve } = Promise.withResolvers<void>();
  const watched = watchObject(trusting, mutatingWebhookConfigurations, { name: configuration });
  watched.onChange(() => {
    if (hasBundles(watched.get())) resolve();
  });
  await trusted;
  await watched.stop();
}

function hasBundles(configuration: WebhookConfiguration | undefined): boolean {
  const webhooks = configuration?.webhooks ?? [];
  return webhooks.length > 0 && webhooks.every(({ clientConfig }) => (clientConfig.caBundle ?? "") !== "");
}
