import { isDnsLabel, isDnsSubdomain } from "../identity/dns-name.ts";
import { UsageError } from "./usage-error.ts";

/** `NAMESPACE/NAME`, or `NAME` in a person's own namespace. Throws a UsageError for anything else. */
export function parseNamespacedName(
  text: string,
  ownNamespace: string,
): { readonly namespace: string; readonly name: string } {
  const [first = "", second, ...rest] = text.split("/");
  const [namespace, name] = second === undefined ? [ownNamespace, first] : [first, second];
  if (rest.length > 0 || !isDnsLabel(namespace) || !isDnsSubdomain(name)) {
    throw new UsageError(`"${text}" is no name: expected NAME or NAMESPACE/NAME, such as shop/orders.`);
  }
  return { namespace, name };
}
