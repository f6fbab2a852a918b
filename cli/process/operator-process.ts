import { installation } from "../../identity/names.ts";
import type { WorkloadResource } from "../../kube/custom-workloads.ts";
import type { Kind } from "../../kube/kind.ts";
import { type LeaderElection, startLeaderElection } from "../../kube/leader-election.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { revocationAudit } from "./audit-sinks.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import type { ProcessOptions } from "./options.ts";
import type { ProcessContext, Running } from "./run-process.ts";
import { LONGEST_STANDSTILL_MS } from "./watch-activity.ts";
import { watchDiscovery } from "./workload-resources.ts";

export interface OperatorOptions extends ProcessOptions {
  readonly webhookService: string;
  readonly issuerService: string;
  readonly vaultService?: string;
  readonly vaultNamespace?: string;
  readonly clusterDomain: string;
  readonly vaultDomain?: string;
  readonly mutatingWebhook: string;
  readonly validatingWebhook: string;
  readonly certificates: "own" | "cert-manager";
  /** Seconds. */
  readonly identityGracePeriod: number;
  readonly workload: readonly WorkloadResource[];
}

/** Stands by until it leads, and again when it has lost the lease. */
export function startOperatorProcess(options: OperatorOptions) {
  return async (context: ProcessContext): Promise<Running> => {
    const { api, clock, log, namespace, instance, metrics } = context;
    let isSynced = false;
    let isEnding = false;
    const create = (): Operator => {
      isSynced = false;
      const started = lead(context, options, discovery.kinds());
      started.synced.then(() => {
        if (operator.current === started) isSynced = true;
      }, context.fail);
      return started;
    };
    // A restart or a stop takes time, in which the lease may be lost: only the leader may start an operator after it.
    const operator = new OneAtATime(create, () => !isEnding && election.isLeader());
    // Another set of kinds needs other watches: the leader begins again, as after a lost lease.
    const discovery = await watchDiscovery(options.workload, context, () => {
      operator.restart().catch(context.fail);
    });
    context.waitFor(`the API server's answer about Lease ${installation.leaderLease}`);
    const election = startLeaderElection({
      ...{ api, clock, log, namespace, name: installation.leaderLease, identity: instance },
      onStartedLeading() {
        metrics.leading.set(1);
        operator.start().catch(context.fail);
      },
      async onStoppedLeading() {
        metrics.leading.set(0);
        // What only the leader knows, the next one tells.
        metrics.certificateExpiry.reset();
        metrics.uninjectedPods.reset();
        await operator.stop().catch(context.fail);
      },
    });
    context.readyIf(() => leaseProblem(election, clock.now()));
    context.readyIf(() => (operator.current === undefined || isSynced ? undefined : "waiting for the cluster's state"));
    context.liveIf(() => electionProblem(election, clock.now()));
    await election.reached;
    return {
      async stop() {
        isEnding = true;
        discovery.stop();
        await operator.stop();
        await election.stop();
      },
    };
  };
}

/** Several attempts in a row have failed by then, and a leader has lost its lease. */
const LONGEST_WITHOUT_LEASE_MS = 30_000;

/** A replica that cannot read the lease can neither lead nor take over. */
function leaseProblem({ reachedAt }: LeaderElection, now: number): string | undefined {
  const at = reachedAt() ?? Number.NEGATIVE_INFINITY;
  if (now - at <= LONGEST_WITHOUT_LEASE_MS) return undefined;
  return `the API server has not answered about Lease ${installation.leaderLease} for ${LONGEST_WITHOUT_LEASE_MS / 1000} s`;
}

/** An attempt that failed counts: only an election that has stopped needs a restart. */
function electionProblem({ attemptedAt }: LeaderElection, now: number): string | undefined {
  const silent = now - attemptedAt();
  return silent > LONGEST_STANDSTILL_MS
    ? `the leader election has stood still for ${Math.round(silent / 1000)} s`
    : undefined;
}

/** All that only one replica may do at a time. */
function lead(context: ProcessContext, options: OperatorOptions, customWorkloads: readonly Kind[]): Operator {
  const { api, clock, log, metrics, namespace } = context;
  return startOperator({
    ...{ api, clock, log, auditRevocation: revocationAudit(context) },
    ...{ identityGraceSeconds: options.identityGracePeriod, customWorkloads },
    installation: {
      ...{ namespace, vaultNamespace: options.vaultNamespace },
      ...{ mode: options.certificates, clusterDomain: options.clusterDomain, vaultDomain: options.vaultDomain },
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
}
