import { installation } from "../../identity/names.ts";
import { startLeaderElection } from "../../kube/leader-election.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import type { OperatorOptions } from "./operator-command.ts";
import type { ProcessContext, Running } from "./run-process.ts";

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
        await operator?.stop();
        operator = undefined;
      },
    });
    return {
      notReady: () => undefined,
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
      ...{ namespace, mode: options.certificates },
      names: {
        webhookService: options.webhookService,
        issuerService: options.issuerService,
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
