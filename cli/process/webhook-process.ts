import { lookup } from "node:dns/promises";
import { installation } from "../../identity/names.ts";
import { watchIssuerAddress } from "../../webhook/issuer-address.ts";
import { webhookErrorBody } from "../../webhook/listener.ts";
import { NATIVE_SIDECARS_SINCE_MINOR } from "../../webhook/nodes/node-kind.ts";
import type { RunAsUser } from "../../webhook/settings.ts";
import { startWebhook } from "../../webhook/webhook.ts";
import type { ServingOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";
import { serveTls } from "./serve-tls.ts";
import { followServerVersion } from "./server-version.ts";
import { untilTrusted } from "./until-trusted.ts";

export interface WebhookOptions extends ServingOptions {
  readonly sidecarImage: string;
  readonly sidecarImagePullPolicy: "Always" | "IfNotPresent" | "Never";
  readonly sidecarResources: Readonly<Record<string, unknown>>;
  readonly issuerUrl: string;
  readonly runAsUser: RunAsUser;
  readonly mutatingWebhook: string;
  readonly timeoutSeconds: number;
  readonly redirectImage?: string;
}

export function startWebhookProcess(options: WebhookOptions, version: string) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, metrics, namespace } = context;
    const server = await followServerVersion(context);
    const issuer = watchIssuerAddress({ url: options.issuerUrl, lookup, clock });
    const webhook = startWebhook({
      ...{ api, clock, log, timeoutSeconds: options.timeoutSeconds },
      serverHasNativeSidecars: () => {
        const { major, minor } = server.current();
        return major > 1 || minor >= NATIVE_SIDECARS_SINCE_MINOR;
      },
      settings: {
        sidecarImage: options.sidecarImage,
        imagePullPolicy: options.sidecarImagePullPolicy,
        resources: options.sidecarResources,
        issuerUrl: options.issuerUrl,
        issuerAddress: issuer.current,
        runAsUser: options.runAsUser,
        ...(options.redirectImage === undefined ? {} : { redirectImage: options.redirectImage }),
        ...{ version, namespace },
      },
      observe: ({ operation, outcome, seconds }) => metrics.admissions.observe({ operation, outcome }, seconds),
    });
    const serving = await serveTls(
      { context, name: installation.webhookServingSecret, options, errorBody: webhookErrorBody },
      webhook.listener,
    );
    context.waitFor("the cluster's state");
    await webhook.synced;
    context.waitFor(`caBundle of MutatingWebhookConfiguration ${options.mutatingWebhook}`);
    await untilTrusted({ api, clock, log }, options.mutatingWebhook);
    return {
      async stop() {
        server.stop();
        await serving.stop();
        await webhook.stop();
        issuer.stop();
      },
    };
  };
}
