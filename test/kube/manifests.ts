import type { Manifest } from "../../kube/api.ts";
import type { Kind, ObjectKey } from "../../kube/kind.ts";
import { managedIdentities, namespaces, roleDefinitions, serviceAccounts } from "../../kube/kinds.ts";

/** Objects as a test writes them: the kind, where, and only what the test is about. */
export type Fields = Readonly<Record<string, unknown>>;

export const manifest = ({ apiVersion, kind }: Kind, key: ObjectKey, fields: Fields = {}): Manifest => {
  const { metadata, ...rest } = fields;
  return { apiVersion, kind, ...rest, metadata: { ...key, ...(metadata as Fields | undefined) } };
};

export const identity = (key: ObjectKey, fields?: Fields): Manifest =>
  manifest(managedIdentities, key, { spec: {}, ...fields });
export const serviceAccount = (key: ObjectKey, fields?: Fields): Manifest => manifest(serviceAccounts, key, fields);
export const namespaceNamed = (name: string): Manifest => manifest(namespaces, { name });
export const roleDefinition = (name: string): Manifest =>
  manifest(roleDefinitions, { name }, { spec: { actions: ["secrets/read"] } });

export const condition = (type: string, status: "True" | "False" = "True"): Fields => ({
  ...{ type, status, reason: "Tested", message: "For a test." },
  lastTransitionTime: "2026-11-21T12:00:00Z",
});

/** An owner reference to an object that was read. */
export const ownedBy = ({
  apiVersion,
  kind,
  metadata: { name, uid },
}: Readonly<{ apiVersion: string; kind: string; metadata: Readonly<{ name: string; uid: string }> }>): Fields => ({
  metadata: { ownerReferences: [{ apiVersion, kind, name, uid }] },
});
