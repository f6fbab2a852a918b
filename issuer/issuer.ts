import { randomUUID } from "node:crypto";
import type { JSONWebKeySet } from "jose";
import type { Listener } from "../http/connections.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import type { Kind } from "../kube/kind.ts";
import type { Log } from "../kube/log.ts";
import { TokenBuckets } from "../kube/token-bucket.ts";
import type { Audit } from "./audit.ts";
import { type ClusterIssuerSources, clusterIssuers } from "./cluster-issuers.ts";
import { clusterKeys } from "./cluster-keys.ts";
import { watchCluster } from "./cluster-state.ts";
import { createListener } from "./http.ts";
import { issuerRoutes } from "./issuer-routes.ts";
import type { Observe } from "./observation.ts";
import { RefusalDigest } from "./refusal-digest.ts";
import { refusalEvents } from "./refusal-events.ts";
import type { IssuerSettings } from "./settings.ts";
import type { SigningKeys } from "./signing-keys.ts";
import type { UnprovenSource } from "./steps/check-source-address.ts";
import { subjectTokenVerifier } from "./subject-token.ts";

export interface IssuerOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  /** The `iss` of every token, and where verifiers find discovery. */
  readonly url: string;
  /** How the cluster's own ServiceAccount tokens are known. */
  readonly clusterTokens: ClusterIssuerSources & { readonly keys: () => Promise<JSONWebKeySet> };
  readonly signingKeys: SigningKeys;
  readonly settings: IssuerSettings;
  /** The kinds besides Kubernetes' own whose objects own pods, as the API server serves them now. */
  readonly customWorkloads?: () => readonly Kind[];
  /** Makes the `jti` of a token. */
  readonly randomId?: () => string;
  /** Writes why a pod was refused where its author looks; without it the audit trail alone says so. */
  readonly events?: Pick<EventRecorder, "record">;
  /** Told of every request once its reply is ready. */
  readonly observe?: Observe;
  /** Told of each request with a pod's token from an address that is not known to be the pod's. */
  readonly onUnprovenSource?: (source: UnprovenSource) => void;
}

export interface Issuer {
  /** Fulfilled once requests are decided; until then each gets 503. */
  readonly synced: Promise<void>;
  readonly listener: Listener;
  stop(): Promise<void>;
}

/** Watches the cluster and answers requests; the caller makes the server, with `http/server.ts`. */
export function startIssuer(options: IssuerOptions): Issuer {
  const { api, clock, log, clusterTokens } = options;
  const cluster = watchCluster({ api, clock, log, customWorkloads: options.customWorkloads });
  const { rateLimits, decisionNamespaces } = options.settings;
  const failures = new TokenBuckets(rateLimits.failedAuthenticationsPerAddress, clock);
  const verify = subjectTokenVerifier({
    issuers: clusterIssuers(clusterTokens, clock),
    keys: clusterKeys(clusterTokens.keys, clock),
    ...{ clock, failures },
  });
  const { events, observe } = options;
  const digest = new RefusalDigest(options.audit, clock);
  const routes = issuerRoutes({
    randomId: randomUUID,
    onUnprovenSource: () => {},
    ...options,
    onRefused: events === undefined ? () => {} : refusalEvents(events),
    ...{ cluster, verify, failures, digest, issuer: options.url },
  });
  return {
    synced: cluster.synced,
    listener: createListener({
      ...{ routes, log, clock, ...(observe === undefined ? {} : { observe }) },
      perAddress: new TokenBuckets(rateLimits.requestsPerAddress, clock),
      isExempt: (address) =>
        cluster.podsAt(address).some(({ metadata }) => decisionNamespaces.includes(metadata.namespace)),
    }),
    stop() {
      digest.stop();
      return cluster.stop();
    },
  };
}
