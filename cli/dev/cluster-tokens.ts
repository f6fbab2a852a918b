import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import { ISSUER_AUDIENCE } from "../../identity/names.ts";
import type { Pod, ServiceAccount } from "../../kube/core-objects.ts";

/** What an API server does for a projected token volume (TokenRequest), on a laptop. */
export interface ClusterTokens {
  readonly issuer: string;
  readonly keys: () => Promise<JSONWebKeySet>;
  /** A token of the pod's ServiceAccount, bound to the pod, for the issuer alone. `now` in milliseconds since the epoch. */
  readonly podToken: (pod: Pod, serviceAccount: ServiceAccount, now: number) => Promise<string>;
}

/** As the kubelet asks for them in an injected pod. */
const LIFETIME_SECONDS = 3600;
const ALGORITHM = "RS256";

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
export async function createClusterTokens(): Promise<ClusterTokens> {
  const issuer = "https://kubernetes.default.svc.cluster.local";
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const kid = "lanyard-dev";
  const keys: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: "sig" }] };
  return {
    issuer,
    keys: () => Promise.resolve(keys),
    podToken(pod, serviceAccount, now) {
      const { namespace, name } = serviceAccount.metadata;
      const issuedAt = Math.floor(now / 1000);
      return new SignJWT({ "kubernetes.io": boundTo(pod, serviceAccount) })
        .setProtectedHeader({ alg: ALGORITHM, kid })
        .setIssuer(issuer)
        .setAudience(ISSUER_AUDIENCE)
        .setSubject(`system:serviceaccount:${namespace}:${name}`)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .sign(privateKey);
    },
  };
}

function boundTo(pod: Pod, serviceAccount: ServiceAccount): Record<string, unknown> {
  const reference = ({ metadata: { name, uid } }: Pod | ServiceAccount): { name: string; uid: string } => ({
    name,
    uid,
  });
  return {
    namespace: pod.metadata.namespace,
    pod: reference(pod),
    serviceaccount: reference(serviceAccount),
    ...(pod.spec.nodeName === undefined ? {} : { node: { name: pod.spec.nodeName } }),
  };
}
