import { isDnsLabel, isDnsSubdomain } from "../../identity/dns-name.ts";
import type { Manifest } from "../api.ts";
import type { Kind, ObjectKey } from "../kind.ts";
import { badRequest, invalid } from "./refusal.ts";

/** What a manifest names, once its name, namespace and kind are such as the API server takes. */
export function validKey(kind: Kind, { apiVersion, kind: name, metadata }: Manifest): ObjectKey {
  if (apiVersion !== kind.apiVersion || name !== kind.kind) {
    throw badRequest(
      `the API version in the data (${apiVersion}, Kind=${name}) does not match the expected API version (${kind.apiVersion}, Kind=${kind.kind})`,
    );
  }
  const problem = nameProblem(kind, metadata.name) ?? namespaceProblem(kind, metadata.namespace);
  if (problem !== undefined) throw invalid(kind, metadata.name, problem);
  return kind.namespaced ? { namespace: metadata.namespace, name: metadata.name } : { name: metadata.name };
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function nameProblem({ apiVersion, kind }: Kind, name: string): string | undefined {
  if (name === "") return "metadata.name: Required value: name or generateName is required";
  if (apiVersion === "v1" && kind === "Namespace") {
    return isDnsLabel(name) ? undefined : invalidValue("name", name, "label");
  }
  return isDnsSubdomain(name) ? undefined : invalidValue("name", name, "subdomain");
}

function namespaceProblem({ namespaced }: Kind, namespace: string | undefined): string | undefined {
  if (!namespaced)
    return namespace === undefined ? undefined : "metadata.namespace: Forbidden: not allowed on this type";
  if (namespace === undefined) return "metadata.namespace: Required value";
  return isDnsLabel(namespace) ? undefined : invalidValue("namespace", namespace, "label");
}

function invalidValue(field: string, value: string, form: "label" | "subdomain"): string {
  const consists = "must consist of lower case alphanumeric characters";
  const shape =
    form === "label"
      ? `a lowercase RFC 1123 label ${consists} or '-', and must start and end with an alphanumeric character`
      : `a lowercase RFC 1123 subdomain ${consists}, '-' or '.', and must start and end with an alphanumeric character`;
  return `metadata.${field}: Invalid value: ${JSON.stringify(value)}: ${shape}`;
}
