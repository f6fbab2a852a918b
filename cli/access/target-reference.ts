import { isDnsLabel, isDnsSubdomain } from "../../identity/dns-name.ts";
import { parseScope, type Scope } from "../../identity/scope.ts";
import { isSubresource } from "../../identity/subresource.ts";
import { UsageError } from "../usage-error.ts";

/** How a person names what is to be accessed. */
export type TargetReference =
  | { readonly by: "scope"; readonly scope: Scope }
  | { readonly by: "audience"; readonly audience: string }
  /** `audience` is what was written: some audiences have the form of a name. */
  | {
      readonly by: "name";
      readonly namespace: string;
      readonly name: string;
      readonly subresource?: string;
      readonly audience: string;
    };

const expected =
  "expected NAMESPACE/NAME of a ProtectedResource (and a part of it, such as payments/payments-vault/secrets/db-password), an audience such as https://vault.payments.svc, or a scope such as /namespaces/payments";

/** Throws a UsageError for what names nothing. */
export function parseTargetReference(text: string, ownNamespace: string): TargetReference {
  if (text.startsWith("/")) return scopeNamed(text);
  if (text.includes(":")) return { by: "audience", audience: text };
  const [first = "", second, ...rest] = text.split("/");
  const { namespace, name } =
    second === undefined ? { namespace: ownNamespace, name: first } : { namespace: first, name: second };
  const subresource = rest.join("/");
  if (!isDnsLabel(namespace) || !isDnsSubdomain(name)) return { by: "audience", audience: text };
  if (subresource === "") return { by: "name", namespace, name, audience: text };
  if (!isSubresource(subresource)) return { by: "audience", audience: text };
  return { by: "name", namespace, name, subresource, audience: text };
}

function scopeNamed(text: string): TargetReference {
  const scope = parseScope(text);
  if (scope === undefined) throw new UsageError(`"${text}" is no scope: ${expected}.`);
  return { by: "scope", scope };
}
