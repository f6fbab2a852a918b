import { isDnsLabel, isDnsSubdomain } from "../../identity/dns-name.ts";
import { type WorkloadKind, workloadKinds } from "../../identity/managed-identity.ts";
import { didYouMean } from "../../identity/nearest-name.ts";

/** Whom a program runs as: any pod of a ServiceAccount, or a pod of one workload. */
export type WorkloadReference =
  | { readonly by: "serviceAccount"; readonly namespace: string; readonly name: string }
  | { readonly by: "workload"; readonly namespace: string; readonly kind: WorkloadKind; readonly name: string };

/** `NAMESPACE/SERVICEACCOUNT` or `NAMESPACE/KIND/NAME`; otherwise a sentence that says what was expected. */
export function parseWorkloadReference(text: string): WorkloadReference | { readonly problem: string } {
  const parts = text.split("/");
  const [namespace, name] = [parts.at(0) ?? "", parts.at(-1) ?? ""];
  if (!isDnsLabel(namespace) || !isDnsSubdomain(name)) {
    return { problem: `"${text}" has a part that is no name: lower-case letters, digits, "-" and ".". ${expected}` };
  }
  if (parts.length === 2) return { by: "serviceAccount", namespace, name };
  if (parts.length !== 3) return { problem: `"${text}" names nobody. ${expected}` };
  const [, written = ""] = parts;
  const kind = workloadKinds.find((known) => known.toLowerCase() === written.toLowerCase());
  if (kind === undefined) {
    return { problem: `"${written}" is no kind of workload.${didYouMean(written, workloadKinds)} ${expected}` };
  }
  return { by: "workload", namespace, kind, name };
}

const expected = `Expected NAMESPACE/SERVICEACCOUNT, such as shop/orders, or NAMESPACE/KIND/NAME, such as shop/Deployment/orders (kinds: ${workloadKinds.join(", ")}).`;

export function workloadReferenceText(reference: WorkloadReference): string {
  const { namespace, name } = reference;
  return reference.by === "serviceAccount" ? `${namespace}/${name}` : `${namespace}/${reference.kind}/${name}`;
}
