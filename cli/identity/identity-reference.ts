import { isDnsLabel, isDnsSubdomain } from "../../identity/dns-name.ts";
import { UsageError } from "../usage-error.ts";
import { parseKindOfIdentity } from "./workload-kind.ts";

/** How a person names an identity. */
export type IdentityReference =
  | { readonly by: "name"; readonly namespace: string; readonly name: string }
  /** A principal id or a client id: which of them, only the objects tell. */
  | { readonly by: "id"; readonly id: string }
  /** The system-assigned identity of a workload. */
  | { readonly by: "workload"; readonly namespace: string; readonly kind: string; readonly name: string };

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const RESOURCE_ID = /^\/namespaces\/([^/]+)\/managedidentities\/([^/]+)$/i;

const expected =
  "expected NAMESPACE/NAME, a principal id, a client id, a resource id, or NAMESPACE/KIND/NAME of a workload, such as shop/orders or shop/Deployment/web";

/** Throws a UsageError for what names no identity. */
export function parseIdentityReference(text: string, ownNamespace: string): IdentityReference {
  if (UUID.test(text)) return { by: "id", id: text.toLowerCase() };
  const [, ofId, nameOfId] = RESOURCE_ID.exec(text) ?? [];
  if (ofId !== undefined && nameOfId !== undefined) {
    return byName(text, ofId.toLowerCase(), nameOfId.toLowerCase());
  }
  const parts = text.split("/");
  const [first = "", second = "", third = ""] = parts;
  switch (parts.length) {
    case 1:
      return byName(text, ownNamespace, first);
    case 2:
      return byName(text, first, second);
    case 3:
      return { by: "workload", kind: parseKindOfIdentity(second), ...named(text, first, third) };
    default:
      throw new UsageError(`"${text}" names no identity: ${expected}.`);
  }
}

const byName = (text: string, namespace: string, name: string): IdentityReference => ({
  by: "name",
  ...named(text, namespace, name),
});

function named(text: string, namespace: string, name: string): { readonly namespace: string; readonly name: string } {
  if (!isDnsLabel(namespace) || !isDnsSubdomain(name)) {
    throw new UsageError(`"${text}" names no identity: ${expected}.`);
  }
  return { namespace, name };
}
