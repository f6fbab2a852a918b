import type { ApiRequest, Verb } from "./request-error.ts";

/** Reading one object and reading all are two verbs, and whoever needs one will soon need the other. */
const together: Readonly<Record<Verb, readonly Verb[]>> = {
  get: ["get", "list"],
  list: ["get", "list"],
  watch: ["get", "list", "watch"],
  create: ["create"],
  patch: ["patch"],
  delete: ["delete"],
};

/** `roleassignments.lanyard.dev in namespace payments`. */
export function requestedResource({ kind, namespace }: Omit<ApiRequest, "verb">): string {
  return `${qualified(kind)}${namespace === undefined ? everywhere(kind) : ` in namespace ${namespace}`}`;
}

/** What a person who was refused asks an administrator for, as a rule that can be pasted into a Role. */
export function rightToAskFor(request: ApiRequest): string {
  const { kind, namespace, verb } = request;
  const role = namespace === undefined ? "a ClusterRole, bound by a ClusterRoleBinding," : `a Role in ${namespace}`;
  return [
    `Ask an administrator of the cluster for ${role} with the rule:`,
    `  - apiGroups: ["${groupOf(kind)}"]`,
    `    resources: ["${kind.plural}"]`,
    `    verbs: [${together[verb].map((each) => `"${each}"`).join(", ")}]`,
  ].join("\n");
}

const groupOf = ({ apiVersion }: ApiRequest["kind"]): string => apiVersion.split("/").at(-2) ?? "";

function qualified(kind: ApiRequest["kind"]): string {
  const group = groupOf(kind);
  return group === "" ? kind.plural : `${kind.plural}.${group}`;
}

const everywhere = ({ namespaced }: ApiRequest["kind"]): string => (namespaced ? " in all namespaces" : "");
