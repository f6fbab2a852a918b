import type { WebhookConfiguration } from "../../kube/cluster-kinds.ts";
import type { Kind } from "../../kube/kind.ts";
import type { WatchedObject } from "../../kube/watched-object.ts";
import { FIELD_MANAGER } from "../write-status.ts";
import { type Authorities, trustBundle } from "./authorities.ts";
import type { CertificatesContext, Keep } from "./context.ts";

/** Tells the API server which certificates our webhooks are known by. The configurations themselves are the chart's. */
export function keepCaBundle(
  { api, log }: Pick<CertificatesContext, "api" | "log">,
  kind: Kind<WebhookConfiguration>,
  configuration: WatchedObject<WebhookConfiguration>,
  authoritiesNow: () => Authorities | undefined,
): Keep {
  return async () => {
    const [authorities, observed] = [authoritiesNow(), configuration.get()];
    if (authorities === undefined || observed === undefined) return undefined;
    const caBundle = Buffer.from(trustBundle(authorities)).toString("base64");
    const webhooks = observed.webhooks ?? [];
    if (webhooks.every(({ clientConfig }) => clientConfig.caBundle === caBundle)) return undefined;
    const { name, resourceVersion } = observed.metadata;
    const manifest = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      // With a version, an apply does not make the object anew that was deleted meanwhile.
      metadata: { name, resourceVersion },
      webhooks: webhooks.map((webhook) => ({ name: webhook.name, clientConfig: { caBundle } })),
    };
    await api.apply(kind, manifest, { fieldManager: FIELD_MANAGER, force: true });
    log.info({ kind: kind.kind, name }, "The CA bundle of the webhooks was filled in.");
    return undefined;
  };
}
