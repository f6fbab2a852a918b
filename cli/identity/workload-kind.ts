import { type WorkloadKind, workloadKindSchema, workloadKinds } from "../../identity/managed-identity.ts";
import { didYouMean } from "../../identity/nearest-name.ts";
import { UsageError } from "../usage-error.ts";

/** As `kubectl api-resources` lists them. */
const shortNames: Readonly<Record<string, WorkloadKind>> = {
  deploy: "Deployment",
  sts: "StatefulSet",
  ds: "DaemonSet",
  rs: "ReplicaSet",
  cj: "CronJob",
  po: "Pod",
};

/** A kind of workload in any of the spellings that kubectl takes. Throws a UsageError for another kind. */
export function parseWorkloadKind(written: string): WorkloadKind {
  const kind = knownKind(written);
  if (kind !== undefined) return kind;
  const hint = didYouMean(written, workloadKinds);
  throw new UsageError(`"${written}" is no kind of workload.${hint} Kinds: ${workloadKinds.join(", ")}.`);
}

/** The same, and any kind of another API as its manifests write it: `Rollout`. */
export function parseKindOfIdentity(written: string): string {
  return knownKind(written) ?? (workloadKindSchema.safeParse(written).success ? written : parseWorkloadKind(written));
}

function knownKind(written: string): WorkloadKind | undefined {
  const text = written.toLowerCase();
  const found = workloadKinds.find((kind) => text === kind.toLowerCase() || text === `${kind.toLowerCase()}s`);
  return found ?? (Object.hasOwn(shortNames, text) ? shortNames[text] : undefined);
}
