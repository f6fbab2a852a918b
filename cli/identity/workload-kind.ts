import { type WorkloadKind, workloadKinds } from "../../identity/managed-identity.ts";
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
  const text = written.toLowerCase();
  const found = workloadKinds.find((kind) => text === kind.toLowerCase() || text === `${kind.toLowerCase()}s`);
  const kind = found ?? (Object.hasOwn(shortNames, text) ? shortNames[text] : undefined);
  if (kind !== undefined) return kind;
  const hint = didYouMean(written, workloadKinds);
  throw new UsageError(`"${written}" is no kind of workload.${hint} Kinds: ${workloadKinds.join(", ")}.`);
}
