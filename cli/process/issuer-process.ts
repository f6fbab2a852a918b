import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { installation } from "../../identity/names.ts";
import type { AuditedDecisions } from "../../issuer/audit.ts";
import { startIssuer } from "../../issuer/issuer.ts";
import { oauthErrorBody } from "../../issuer/oauth-error.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { readSigningKeys } from "../../issuer/stored-signing-keys.ts";
import { isAcceptedByApiServer } from "../../issuer/token-review.ts";
import type { WorkloadResource } from "../../kube/custom-workloads.ts";
import { EventRecorder } from "../../kube/event-recorder.ts";
import { issuerAudit } from "./audit-sinks.ts";
import { keepTrying } from "./keep-trying.ts";
import type { ServingOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";
import { serveTls } from "./serve-tls.ts";
import { watchDiscovery } from "./workload-resources.ts";

export interface IssuerProcessOptions extends ServingOptions {
  readonly url: string;
  readonly unregisteredAudiences: "refuse" | "allow";
  readonly nodeSourceAddresses: "refuse" | "allow";
  readonly unknownSourceAddresses: "refuse" | "allow";
  readonly statusListTtl: number;
  readonly requestsPerAddress: number;
  readonly workload: readonly WorkloadResource[];
  readonly decisionNamespaces: readonly string[];
  readonly auditDecisions: AuditedDecisions;
}

/** The part of the API server's discovery document that is read. https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery */
const discoverySchema = z.object({ issuer: z.string() });
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

export function startIssuerProcess(options: IssuerProcessOptions) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, metrics, namespace } = context;
    context.waitFor(`Secret ${installation.signingKeysSecret}, which the operator makes`);
    const [signingKeys] = await Promise.all([
      readSigningKeys({ api, clock, log, namespace, name: installation.signingKeysSecret }),
      keepTrying(() => clusterIssuer(context), {
        ...{ clock, log, complaint: "The API server does not say who issues ServiceAccount tokens; trying again." },
      }),
    ]);
    const keys = async (): Promise<JSONWebKeySet> => keySetSchema.parse(await context.raw("/openid/v1/jwks"));
    const trail = issuerAudit(context, options.auditDecisions);
    const reporting = { reportingController: "lanyard.dev/issuer", reportingInstance: context.instance };
    const discovery = await watchDiscovery(options.workload, context);
    const issuer = startIssuer({
      customWorkloads: discovery.kinds,
      ...{ api, clock, log, signingKeys, url: options.url, audit: trail.audit },
      clusterTokens: {
        keys,
        current: () => clusterIssuer(context),
        review: (token) => isAcceptedByApiServer(api, token),
      },
      settings: {
        ...defaultIssuerSettings,
        unregisteredAudiences: options.unregisteredAudiences,
        nodeSourceAddresses: options.nodeSourceAddresses,
        unknownSourceAddresses: options.unknownSourceAddresses,
        statusListTtlSeconds: options.statusListTtl,
        rateLimits: {
          ...defaultIssuerSettings.rateLimits,
          requestsPerAddress: { perSecond: options.requestsPerAddress, burst: 2 * options.requestsPerAddress },
        },
        decisionNamespaces: [namespace, ...options.decisionNamespaces],
      },
      onUnprovenSource: (source) =>
        (source === "unknown" ? metrics.unknownSourceAddresses : metrics.unreportedSourceAddresses).inc(),
      events: new EventRecorder({ api, clock, ...reporting }),
      observe: ({ endpoint, outcome, seconds }) => metrics.issuerRequests.observe({ endpoint, outcome }, seconds),
    });
    const server = await serveTls(
      { context, name: installation.issuerServingSecret, options, errorBody: oauthErrorBody },
      issuer.listener,
    );
    context.waitFor("the cluster's state");
    await issuer.synced;
    return {
      async stop() {
        discovery.stop();
        await server.stop();
        await issuer.stop();
        trail.flush();
      },
    };
  };
}

async function clusterIssuer({ raw }: ProcessContext): Promise<string> {
  return discoverySchema.parse(await raw("/.well-known/openid-configuration")).issuer;
}
