import type { Rate } from "../kube/token-bucket.ts";
import { issuerLimits } from "./limits.ts";

export interface IssuerSettings {
  /** Whether a token is issued for an audience that no ProtectedResource registers. */
  readonly unregisteredAudiences: "refuse" | "allow";
  /** A pod's token from the address of a node, while the pod is not on the host network: allowed where the way to the issuer hides pods behind their node. */
  readonly nodeSourceAddresses: "refuse" | "allow";
  /** A pod's token from an address that nobody is known by. */
  readonly unknownSourceAddresses: "refuse" | "allow";
  /** How long a verifier may keep a status list, and so how late it may learn of a revocation. 0: tokens name no list, and none is published. */
  readonly statusListTtlSeconds: number;
  /** Namespaces whose pods may ask about every identity, resource and token: those of the vault and of gateways. */
  readonly decisionNamespaces: readonly string[];
  readonly rateLimits: {
    /** Token requests of one pod. A sidecar that works asks once per audience and hour. */
    readonly tokensPerPod: Rate;
    /** Token requests of all the pods in one namespace: no tenant takes the others' share. */
    readonly tokensPerNamespace: Rate;
    /** Decisions and introspections of one pod: a service may ask for each of its own requests. */
    readonly decisionsPerPod: Rate;
    /** The same, of all the pods in one namespace. */
    readonly decisionsPerNamespace: Rate;
    /** Introspections of one source address by the token that is asked about. */
    readonly selfIntrospectionsPerAddress: Rate;
    /** Requests of any kind from one source address. The pods of decisionNamespaces have no such limit. */
    readonly requestsPerAddress: Rate;
    /** Tokens from one source address that are not verified yet and turn out to be no good. */
    readonly failedAuthenticationsPerAddress: Rate;
  };
}

export const defaultIssuerSettings: IssuerSettings = {
  unregisteredAudiences: "refuse",
  nodeSourceAddresses: "refuse",
  unknownSourceAddresses: "allow",
  statusListTtlSeconds: 30,
  decisionNamespaces: [],
  rateLimits: {
    tokensPerPod: issuerLimits.tokensPerPod,
    tokensPerNamespace: issuerLimits.tokensPerNamespace,
    decisionsPerPod: issuerLimits.decisionsPerPod,
    decisionsPerNamespace: issuerLimits.decisionsPerNamespace,
    selfIntrospectionsPerAddress: issuerLimits.selfIntrospectionsPerAddress,
    requestsPerAddress: issuerLimits.requestsPerAddress,
    failedAuthenticationsPerAddress: issuerLimits.failedAuthenticationsPerAddress,
  },
};
