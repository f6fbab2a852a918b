import { API_VERSION } from "../../../identity/names.ts";

/** What an object is called, and where it is. */
export interface Name {
  readonly namespace: string;
  readonly name: string;
}

const custom = (kind: string, metadata: object, spec: object): object => ({
  apiVersion: API_VERSION,
  kind,
  metadata,
  spec,
});

export function serviceAccount(metadata: Name): object {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}

/** Usable by these ServiceAccounts: `NAME` of its own namespace, or `NAMESPACE/NAME`. */
export function managedIdentity(metadata: Name, subjects: readonly string[]): object {
  return custom("ManagedIdentity", metadata, { subjects: subjects.map(subject) });
}

function subject(text: string): object {
  const [name, namespace] = text.split("/").reverse();
  return { serviceAccount: name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The audience that a namespace's one ProtectedResource registers. */
export const audienceOf = (namespace: string): string => `https://stock.${namespace}.svc`;

/** A service of the namespace that takes tokens, `stock`. */
export function protectedResource(namespace: string, audience = audienceOf(namespace)): object {
  return custom("ProtectedResource", { namespace, name: "stock" }, { audiences: [audience] });
}

/** Lets a principal read the namespace's `stock`. */
export function readerOf(namespace: string, name: string, principal: object): object {
  return custom("RoleAssignment", { namespace, name }, { principal, roleDefinition: "reader", resource: "stock" });
}

/** As little as a program needs to be allowed by the Pod Security Standard `restricted`. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 65_532,
  seccompProfile: { type: "RuntimeDefault" },
};
