import { roleAssignments } from "../../../kube/kinds.ts";
import { NAMESPACE, SERVICE_ACCOUNT } from "./pods.ts";

/** What a token for this is given for, by the role assignment that comes and goes. */
export const RESOURCE = "target";
export const AUDIENCE = `https://${RESOURCE}.${NAMESPACE}.svc`;
/** Its address is the node's, so that this machine may show its token. */
export const HOST_POD = "on-host-network";

const { apiVersion } = roleAssignments;
const metadata = { name: SERVICE_ACCOUNT, namespace: NAMESPACE };

/** All that the measurements need in the cluster before they begin, as a list for `kubectl apply`. */
export function benchObjects(pod: object): object {
  const restricted = { "pod-security.kubernetes.io/warn": "restricted" };
  return {
    ...{ apiVersion: "v1", kind: "List" },
    items: [
      { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: restricted } },
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      { apiVersion, kind: "ManagedIdentity", metadata, spec: { subjects: [{ serviceAccount: SERVICE_ACCOUNT }] } },
      {
        ...{ apiVersion, kind: "ProtectedResource", metadata: { ...metadata, name: RESOURCE } },
        spec: { audiences: [AUDIENCE], signingAlgorithm: "ES256" },
      },
      pod,
    ],
  };
}
