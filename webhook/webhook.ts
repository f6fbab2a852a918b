import type { IncomingMessage, ServerResponse } from "node:http";
import { admissionReasons } from "../identity/admission-reasons.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { AdmissionRequest } from "./admission-review.ts";
import { watchFacts } from "./cluster-facts.ts";
import type { Decision } from "./decision.ts";
import { reviewPod } from "./inject/review-pod.ts";
import { reviewDeadlines, webhookLimits } from "./limits.ts";
import { createListener, type Observation } from "./listener.ts";
import { draw, randomWord } from "./random-draw.ts";
import type { WebhookSettings } from "./settings.ts";
import { reviewResource } from "./validate/review-resource.ts";

export interface WebhookOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: WebhookSettings;
  /** How long the API server waits for this webhook. */
  readonly timeoutSeconds?: number;
  /** Whether the API server, as it is now, has native sidecars. */
  readonly serverHasNativeSidecars: () => boolean;
  /** 32 hexadecimal digits that nobody can guess. */
  readonly random?: () => string;
  readonly observe?: (observation: Observation) => void;
}

export interface Webhook {
  /** Fulfilled once the cluster has been read. */
  readonly synced: Promise<void>;
  readonly isReady: () => boolean;
  /** For an HTTPS server: `/inject` and `/validate`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  stop(): Promise<void>;
}

const shared = {
  depth: webhookLimits.reviewDepth,
  members: webhookLimits.membersPerCollection,
};
const podReview = { ...shared, bytes: webhookLimits.podReviewBytes, values: webhookLimits.podReviewValues };
const resourceReview = {
  ...shared,
  bytes: webhookLimits.resourceReviewBytes,
  values: webhookLimits.resourceReviewValues,
};

export function startWebhook(options: WebhookOptions): Webhook {
  const { api, clock, log, settings, random = randomWord, observe = () => {} } = options;
  const { bodyMilliseconds, waitingMilliseconds } = reviewDeadlines(
    options.timeoutSeconds ?? webhookLimits.timeoutSeconds,
  );
  const inTime = { milliseconds: bodyMilliseconds };
  const facts = watchFacts({ api, clock, log });
  let isReady = false;
  const synced = facts.synced.then(() => {
    isReady = true;
  });
  const { identities, audiences } = facts;

  const inject = (request: AdmissionRequest): Decision => {
    if (!isReady) return { kind: "denied", reason: admissionReasons.WebhookNotReady(), httpStatus: 503 };
    return reviewPod(request, {
      settings,
      namespace: facts.namespace(request.namespace),
      tenantId: facts.tenantId(),
      identities: { get: (key) => identities.get(key), inNamespace: (name) => identities.by("namespace", name) },
      audiences,
      nodes: { serverHasNativeSidecars: options.serverHasNativeSidecars(), old: facts.oldNodes, osOf: facts.osOf },
      drawn: draw(random),
    });
  };

  const ready = async (): Promise<void> => (isReady ? undefined : within(waitingMilliseconds, synced, clock));

  return {
    synced,
    isReady: () => isReady,
    listener: createListener({
      routes: {
        "/inject": { operation: "inject", limits: { ...podReview, ...inTime }, ready, decide: inject },
        // Without waiting: what is wrong with an object by itself needs no knowledge of others.
        "/validate": {
          operation: "validate",
          limits: { ...resourceReview, ...inTime },
          decide: (request) => reviewResource(request, isReady ? facts : undefined, clock.now()),
        },
      },
      ...{ clock, log, observe },
    }),
    async stop() {
      await facts.stop();
    },
  };
}

function within(milliseconds: number, synced: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    void synced.then(() => {
      cancel();
      resolve();
    });
  });
}
