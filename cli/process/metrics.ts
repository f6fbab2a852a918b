import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds; a decision takes parts of a millisecond, a signature one, an API server's patience ends at ten. */
const DURATIONS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Every metric of the control plane, by name; docs/reference/metrics.md tells what each is for. */
export function createMetrics(process: string, version: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const build = new Gauge({
    name: "lanyard_build_info",
    help: "Always 1; says which version runs.",
    labelNames: ["version"],
    registers,
  });
  build.set({ version }, 1);
  return {
    registry,
    issuerRequests: new Histogram({
      name: "lanyard_issuer_request_duration_seconds",
      help: "Requests to the issuer, by endpoint and by how they ended: answered, or the reason of the refusal.",
      labelNames: ["endpoint", "outcome"],
      buckets: DURATIONS,
      registers,
    }),
    unknownSourceAddresses: new Counter({
      name: "lanyard_issuer_unknown_source_addresses_total",
      help: "Requests whose source address is neither a pod's nor a node's, as behind network address translation.",
      registers,
    }),
    unreportedSourceAddresses: new Counter({
      name: "lanyard_issuer_unreported_source_addresses_total",
      help: "Requests from an unknown address for a pod that has just started, whose address the kubelet has not reported.",
      registers,
    }),
    vaultRequests: new Counter({
      name: "lanyard_vault_requests_total",
      help: "Requests to vaults, by operation and by the HTTP status of the reply.",
      labelNames: ["operation", "status"],
      registers,
    }),
    orphanedSecrets: new Gauge({
      name: "lanyard_vault_orphaned_secrets",
      help: "Secrets whose vault is gone. They are kept until an administrator adopts or purges them.",
      registers,
    }),
    admissions: new Histogram({
      name: "lanyard_webhook_request_duration_seconds",
      help: "Admission reviews, by what was asked and how it ended.",
      labelNames: ["operation", "outcome"],
      buckets: DURATIONS,
      registers,
    }),
    certificateExpiry: new Gauge({
      name: "lanyard_certificate_expiry_timestamp_seconds",
      help: "When each certificate ends, in seconds since the epoch.",
      labelNames: ["certificate"],
      registers,
    }),
    uninjectedPods: new Gauge({
      name: "lanyard_uninjected_pods",
      help: "Running pods that asked for injection and were created without it, by namespace.",
      labelNames: ["namespace"],
      registers,
    }),
    leading: new Gauge({
      name: "lanyard_operator_leading",
      help: "1 while this replica leads, 0 while it stands by.",
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
