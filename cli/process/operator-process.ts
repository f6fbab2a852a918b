import { installation } from "../../identity/names.ts";
import { startLeaderElection } from "../../kube/leader-election.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import type { ProcessOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";

export interface OperatorOptions extends ProcessOptions {
  readonly webhookService: string;
  readonly issuerService: string;
  readonly vaultService?: string;
  readonly clusterDomain: string;
  readonly mutatingWebhook: string;
  readonly validatingWebhook: string;
  readonly certificates: "own" | "cert-manager";
}

/** Stands by until it leads, and again when it has lost the lease. */
export function startOperatorProcess(options: OperatorOptions) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, namespace, instance, metrics } = context;
    let operator: Operator | undefined;
    const election = startLeaderElection({
      ...{ api, clock, log, namespace, name: installation.leaderLease, identity: instance },
      onStartedLeading() {
        metrics.leading.set(1);
        operator = lead(context, options);
      },
      async onStoppedLeading() {
        metrics.leading.set(0);
        // What only the leader knows, the next one tells.
        metrics.certificateExpiry.reset();
        metrics.uninjectedPods.reset();
        await operator?.stop();
        operator = undefined;
      },
    });
    return {
      async stop() {
        await operator?.stop();
        await election.stop();
      },
    };
  };
}

/** All that only one replica may do at a time. */
function lead(context: ProcessContext, options: OperatorOptions): Operator {
  const { api, clock, log, metrics, namespace } = context;
  const operator = startOperator({
    ...{ api, clock, log },
    installation: {
      ...{ namespace, mode: options.certificates, clusterDomain: options.clusterDomain },
      names: {
        webhookService: options.webhookService,
        issuerService: options.issuerService,
        vaultService: options.vaultService,
        mutatingWebhookConfiguration: options.mutatingWebhook,
        validatingWebhookConfiguration: options.validatingWebhook,
      },
      onExpiry: (certificate, notAfter) => metrics.certificateExpiry.set({ certificate }, notAfter / 1000),
      onUninjected: (where, pods) => metrics.uninjectedPods.set({ namespace: where }, pods),
    },
  });
  operator.synced.catch(context.fail);
  return operator;
}
