import { randomUUID } from "node:crypto";
import type { KubeApi } from "../../kube/api.ts";
import type { Clock } from "../../kube/clock.ts";
import { createHandler } from "../../sidecar/handler.ts";
import { createIssuerClient } from "../../sidecar/issuer-client.ts";
import { listen } from "../../sidecar/node-server.ts";
import type { Refusal } from "../../sidecar/refusals.ts";
import type { GetToken } from "../../sidecar/secret-files/vault-client.ts";
import { injectedEnvironment } from "../../webhook/environment.ts";
import type { ClusterTokens } from "./cluster-tokens.ts";
import type { DevEvent } from "./events.ts";
import { portError } from "./listen-loopback.ts";
import type { Report } from "./reports.ts";
import { ensurePod, type RunningPod } from "./virtual-pod.ts";
import { type WorkloadReference, workloadReferenceText } from "./workload-reference.ts";

export interface EndpointOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly clusterTokens: ClusterTokens;
  readonly issuerUrl: string;
  readonly port: number;
  readonly report: Report;
}

/** The token endpoint of one pod: what the injected sidecar is in a cluster. */
export interface Endpoint {
  readonly as: string;
  readonly url: string;
  /** What an injected container of this pod gets, given the variables that it has already. */
  environment(authored: Readonly<Record<string, string | undefined>>): Record<string, string>;
  readonly podUid: () => string | undefined;
  /** As it is now. */
  readonly pod: () => RunningPod["pod"];
  /** A token for a call that is made for the pod, as its sidecar makes them. */
  readonly getToken: GetToken;
  /** Follows the workload: a new pod when it was made again, and an empty token cache when its pod is gone. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

type Handler = ReturnType<typeof createHandler>;

/** Starts the endpoint of a pod; undefined while what the reference names does not exist. */
export async function startEndpoint(
  reference: WorkloadReference,
  options: EndpointOptions,
): Promise<Endpoint | undefined> {
  const as = workloadReferenceText(reference);
  const header = randomUUID();
  const first = await ensurePod(options.api, reference);
  if (first === undefined) return undefined;
  let running = first;
  let handler = startHandler(() => running, { as, header, options });
  const server = await listen((request) => handler.handle(request), { port: options.port }).catch((error) => {
    handler.stop();
    throw portError(error, options.port, "--port");
  });
  const endpoint = { port: server.port, header };

  return {
    as,
    url: `http://127.0.0.1:${server.port}`,
    environment: (authored) => injectedEnvironment(endpoint, authored),
    podUid: () => running.pod.metadata.uid,
    pod: () => running.pod,
    getToken: (audience, from) => handler.tokenFor(audience, from),
    async follow() {
      const now = await ensurePod(options.api, reference);
      if (now?.pod.metadata.uid === running.pod.metadata.uid) return;
      running = now ?? running;
      handler.stop();
      handler = startHandler(() => running, { as, header, options });
    },
    async close() {
      handler.stop();
      await server.close();
    },
  };
}

interface HandlerOptions {
  readonly as: string;
  readonly header: string;
  readonly options: EndpointOptions;
}

function startHandler(running: () => RunningPod, { as, header, options }: HandlerOptions): Handler {
  const { clock, clusterTokens, issuerUrl, report } = options;
  const readSubjectToken = (): Promise<string> => {
    const { pod, serviceAccount } = running();
    return clusterTokens.podToken(pod, serviceAccount, clock.now());
  };
  return createHandler({
    endpointHeader: header,
    issuer: createIssuerClient({ url: issuerUrl, readSubjectToken }),
    clock,
    onRefusal: ({ refusal, audience }) => report(refusedEvent(as, refusal, audience)),
  });
}

function refusedEvent(as: string, { code, sentence }: Refusal, audience: string | undefined): DevEvent {
  return { event: "refused", as, code, sentence, ...(audience === undefined ? {} : { audience }) };
}
