import { installation } from "../../identity/names.ts";
import { webhookErrorBody } from "../../webhook/listener.ts";
import type { RunAsUser } from "../../webhook/settings.ts";
import { startWebhook } from "../../webhook/webhook.ts";
import { keepTrying } from "./keep-trying.ts";
import type { ProcessOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";
import { serveTls } from "./serve-tls.ts";
import { untilTrusted } from "./until-trusted.ts";

export interface WebhookOptions extends ProcessOptions {
  readonly port: number;
  readonly sidecarImage: string;
  readonly sidecarImagePullPolicy: "Always" | "IfNotPresent" | "Never";
  readonly sidecarResources: Readonly<Record<string, unknown>>;
  readonly issuerUrl: string;
  readonly runAsUser: RunAsUser;
  readonly mutatingWebhook: string;
  readonly redirectImage?: string;
}

/** Since this version a native sidecar needs no feature gate. https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/ */
const NATIVE_SIDECARS_SINCE_MINOR = 29;

export function startWebhookProcess(options: WebhookOptions, version: string) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, metrics, namespace } = context;
    const complaint = "The API server does not say which version it is; trying again.";
    const server = await keepTrying(context.serverVersion, { clock, log, complaint });
    const webhook = startWebhook({
      ...{ api, clock, log },
      settings: {
        sidecarImage: options.sidecarImage,
        imagePullPolicy: options.sidecarImagePullPolicy,
        resources: options.sidecarResources,
        issuerUrl: options.issuerUrl,
        runAsUser: options.runAsUser,
        nativeSidecars: server.major > 1 || server.minor >= NATIVE_SIDECARS_SINCE_MINOR,
        ...(options.redirectImage === undefined ? {} : { redirectImage: options.redirectImage }),
        ...{ version, namespace },
      },
      observe: ({ operation, outcome, seconds }) => metrics.admissions.observe({ operation, outcome }, seconds),
    });
    const serving = await serveTls(
      { context, name: installation.webhookServingSecret, port: options.port, errorBody: webhookErrorBody },
      webhook.listener,
    );
    context.waitFor("the cluster's state");
    await webhook.synced;
    context.waitFor(`caBundle of MutatingWebhookConfiguration ${options.mutatingWebhook}`);
    await untilTrusted({ api, clock, log }, options.mutatingWebhook);
    return {
      async stop() {
        await serving.stop();
        await webhook.stop();
      },
    };
  };
}
