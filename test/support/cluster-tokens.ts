import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import { ISSUER_AUDIENCE } from "../../identity/names.ts";
import type { Clock } from "../../kube/clock.ts";
import type { Pod, ServiceAccount } from "../../kube/core-objects.ts";

export const CLUSTER_ISSUER = "https://kubernetes.default.svc";

/** What a test changes in an otherwise good token. */
export interface TokenChanges {
  readonly header?: object;
  readonly claims?: object;
  readonly boundTo?: object;
}

/** Signs projected ServiceAccount tokens as the API server does. */
export class ClusterTokens {
  readonly #privateKey: CryptoKey;
  readonly #clock: Clock;
  readonly keySet: JSONWebKeySet;
  readonly kid: string;

  private constructor(privateKey: CryptoKey, keySet: JSONWebKeySet, kid: string, clock: Clock) {
    this.#privateKey = privateKey;
    this.keySet = keySet;
    this.kid = kid;
    this.#clock = clock;
  }

  static async create(clock: Clock): Promise<ClusterTokens> {
    const { privateKey, publicKey } = await generateKeyPair("RS256");
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    return new ClusterTokens(privateKey, { keys: [{ ...jwk, kid, alg: "RS256", use: "sig" }] }, kid, clock);
  }

  /** The token that the kubelet would project into this pod, good for an hour. */
  mintPodToken(pod: Pod, account: ServiceAccount, changes: TokenChanges = {}): Promise<string> {
    const header = { alg: "RS256", kid: this.kid, ...changes.header };
    return new SignJWT(this.claims(pod, account, changes)).setProtectedHeader(header).sign(this.#privateKey);
  }

  claims(pod: Pod, account: ServiceAccount, { claims, boundTo }: TokenChanges = {}): Record<string, unknown> {
    const { namespace, name, uid } = pod.metadata;
    const now = Math.floor(this.#clock.now() / 1000);
    const node = pod.spec.nodeName;
    return {
      iss: CLUSTER_ISSUER,
      aud: [ISSUER_AUDIENCE],
      sub: `system:serviceaccount:${namespace}:${account.metadata.name}`,
      iat: now,
      nbf: now,
      exp: now + 3600,
      "kubernetes.io": {
        namespace,
        pod: { name, uid },
        serviceaccount: { name: account.metadata.name, uid: account.metadata.uid },
        ...(node === undefined ? {} : { node: { name: node, uid: "3f8a6c1e-52a4-4c11-9d7e-6a2f0c9b1e44" } }),
        ...boundTo,
      },
      ...claims,
    };
  }
}
