import { cloudOf } from "./cloud-audiences.ts";
import { didYouMean } from "./nearest-name.ts";

/**
 * A reason that Lanyard gives: a refusal (here), a finding (findings.ts) or an admission's (admission-reasons.ts). The code is the same in an HTTP reply, a condition, an Event, a metric
 * label, the audit log and docs/reference/reasons.md; the sentence is public and says what to do; the detail is for
 * the log alone.
 */
export interface Reason<Code extends string = string> {
  readonly code: Code;
  readonly sentence: string;
  readonly detail?: string;
}

export function reason<Code extends string>(code: Code, sentence: string, detail?: string): Reason<Code> {
  return detail === undefined ? { code, sentence } : { code, sentence, detail };
}

/** A sentence names so many and counts the rest: the message of a condition ends at 32,768 characters, a reader's patience before. */
const MOST_NAMED = 10;

/** Names as a sentence gives them; also of problems, which have none. */
export function enumerate(names: readonly string[], separator = ", "): string {
  const rest = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(separator);
}

/** One more sentence, where there is one. */
const after = (sentence: string | undefined): string => (sentence === undefined ? "" : ` ${sentence}`);

/** For an SDK that finds Lanyard's endpoint where it looks for its cloud's. */
function cloudSentence(audience: string): string | undefined {
  const cloud = cloudOf(audience);
  if (cloud === undefined) return undefined;
  return `${audience} is an audience of ${cloud.name} itself, and Lanyard issues no tokens for the services of a cloud: leave this container out with the pod annotation lanyard.dev/skip-containers, so that it uses ${cloud.own}.`;
}

/** Why a request was refused. The first words of those that a cloud's endpoint also gives are the cloud's own. */
function ownIdentity(unknownController: string | undefined): string {
  const annotate = 'annotate its workload with lanyard.dev/system-assigned: "true"';
  if (unknownController === undefined) return annotate;
  return `${annotate}: an administrator first adds the resource of its controller, ${unknownController}, to the chart value workloads`;
}

export const refusals = {
  InvalidRequest: (what: string) => reason("InvalidRequest", what),
  UnsupportedGrantType: (given: string) =>
    reason(
      "UnsupportedGrantType",
      `Grant type "${given}" is not supported: use urn:ietf:params:oauth:grant-type:token-exchange or client_credentials with a client assertion.`,
    ),
  SubjectTokenInvalid: (detail: string) =>
    reason(
      "SubjectTokenInvalid",
      "The pod's ServiceAccount token could not be verified: send the projected token of this cluster, unchanged.",
      detail,
    ),
  SubjectTokenExpired: () =>
    reason(
      "SubjectTokenExpired",
      "The pod's ServiceAccount token has expired: read the token file again, the kubelet renews it.",
    ),
  SubjectTokenAudience: (wanted: string) =>
    reason(
      "SubjectTokenAudience",
      `The pod's ServiceAccount token is for another audience: project one with audience "${wanted}".`,
    ),
  SubjectTokenIssuer: () =>
    reason(
      "SubjectTokenIssuer",
      "The pod's ServiceAccount token was issued by another cluster: use this cluster's own token.",
    ),
  SubjectTokenUnbound: () =>
    reason(
      "SubjectTokenUnbound",
      "The ServiceAccount token is not bound to a pod: use a projected token volume, not a Secret or a token made by hand.",
    ),
  PodNotFound: (pod: string) =>
    reason(
      "PodNotFound",
      `Pod ${pod} does not exist any more, so its token is worth nothing: ask from the pod that runs now.`,
    ),
  PodReplaced: (pod: string) =>
    reason("PodReplaced", `The token belongs to an earlier pod named ${pod}: ask from the pod that runs now.`),
  PodNotOfPrincipal: (pod: string, identity: string) =>
    reason(
      "PodNotOfPrincipal",
      `Pod ${pod} does not run, or may not use ${identity}: name in context.pod the pod whose token was shown, or leave it out.`,
    ),
  PodNotScheduled: (pod: string) =>
    reason(
      "PodNotScheduled",
      `Pod ${pod} has no node yet, so none of its containers runs: ask from inside the pod once it has started.`,
    ),
  PodTerminated: (pod: string) => reason("PodTerminated", `Pod ${pod} has ended: a finished pod gets no more tokens.`),
  ServiceAccountReplaced: (account: string) =>
    reason(
      "ServiceAccountReplaced",
      `ServiceAccount ${account} was deleted or made again since this pod started: restart the pod.`,
    ),
  NodeMismatch: (pod: string) =>
    reason("NodeMismatch", `The token names another node than the one that pod ${pod} runs on: restart the pod.`),
  IdentityNotFound: (asked: string, account: string) =>
    reason(
      "IdentityNotFound",
      `Identity not found: this pod may not use ${asked}. Add ServiceAccount ${account} to spec.subjects of that ManagedIdentity (create it if there is none), or ask for one that this pod may use.`,
    ),
  IdentityAmbiguous: (names: readonly string[]) =>
    reason(
      "IdentityAmbiguous",
      `Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request. This pod may use: ${enumerate(names)}.`,
    ),
  NoIdentity: (account: string, unknownController?: string) =>
    reason(
      "NoIdentity",
      `Identity not found: no managed identity is assigned to this pod. Add ServiceAccount ${account} to spec.subjects of a ManagedIdentity, or ${ownIdentity(unknownController)}.`,
    ),
  IdentityDisabled: (identity: string) =>
    reason(
      "IdentityDisabled",
      `Managed identity ${identity} is disabled: set spec.disabled to false to let it have tokens again.`,
    ),
  InvalidScope: (given: string) =>
    reason(
      "InvalidScope",
      `Scope "${given}" is not one resource followed by /.default: ask for one resource at a time.`,
    ),
  TenantUnknown: (given: string, own: string) =>
    reason("TenantUnknown", `Tenant "${given}" is not this cluster's: set the tenant id to ${own}.`),
  ResourceMissing: () =>
    reason(
      "ResourceMissing",
      "Required query variable 'resource' is missing: name the audience that the token is for, such as resource=https://orders.shop.svc.",
    ),
  AudienceNotRegistered: (audience: string, known: Iterable<string>) =>
    reason(
      "AudienceNotRegistered",
      cloudSentence(audience) ??
        `No ProtectedResource registers the audience ${audience}: create one with it in spec.audiences, or correct the resource asked for.${didYouMean(audience, known)}`,
    ),
  RoleAssignmentEnding: (principal: string, resource: string) =>
    reason(
      "RoleAssignmentEnding",
      `Every role of managed identity ${principal} on ${resource} ends in less time than a token lives (300 s): set a later spec.expiresAt on its RoleAssignment.`,
    ),
  RoleAssignmentRequired: (principal: string, resource: string, nearest?: string) =>
    reason(
      "RoleAssignmentRequired",
      `Managed identity ${principal} has no role on ${resource}: create a RoleAssignment for it there.${after(nearest)}`,
    ),
  ResourceUnusable: (resource: string, detail: string) =>
    reason(
      "ResourceUnusable",
      `ProtectedResource ${resource}, which registers this audience, breaks a rule: its Ready condition says which; correct it, or delete it.`,
      detail,
    ),
  SourceAddressMismatch: (
    { pod, address, owner }: { readonly pod: string; readonly address: string; readonly owner: string },
    detail: string,
  ) =>
    reason(
      "SourceAddressMismatch",
      `The token of pod ${pod} came from ${address}, the address of ${owner}: only the pod itself may use it. Ask from the pod, straight at the issuer's Service, with no proxy in between.`,
      detail,
    ),
  SourceAddressUnknown: ({ pod, address }: { readonly pod: string; readonly address: string }) =>
    reason(
      "SourceAddressUnknown",
      `The token of pod ${pod} came from ${address}, which is no address of that pod: ask straight at the issuer's Service, or let the issuer allow unknown source addresses.`,
    ),
  RateLimited: (retryAfterSeconds: number) =>
    reason("RateLimited", `Too many token requests from this pod or namespace: ask again in ${retryAfterSeconds} s.`),
  AddressLimited: (retryAfterSeconds: number) =>
    reason(
      "AddressLimited",
      `Too many requests came from this address, or too many that could not be authenticated: ask again in ${retryAfterSeconds} s. If all requests come from one address, let pods reach the issuer's Service directly.`,
    ),
  AccessTokenInvalid: (detail: string) =>
    reason(
      "AccessTokenInvalid",
      "The access token is not good here: this issuer did not sign it, or it has ended or was revoked. Get a new one.",
      detail,
    ),
  AccessTokenAudience: (issuer: string) =>
    reason(
      "AccessTokenAudience",
      `The access token is for another audience than this issuer, so it may only ask whether it is good itself: authenticate with the pod's ServiceAccount token for this issuer, or with an access token for ${issuer}.`,
    ),
  AuthenticationRequired: () =>
    reason(
      "AuthenticationRequired",
      "This endpoint is for services: send the pod's ServiceAccount token for this issuer, or an access token whose audience is this issuer, as Authorization: Bearer.",
    ),
  PrincipalUnknown: (given: string) =>
    reason(
      "PrincipalUnknown",
      `No managed identity has the id ${given}: name one by its principal id, client id or resource id.`,
    ),
  CallerUnrelated: (callerNamespace: string, principal: string, resource: string) =>
    reason(
      "CallerUnrelated",
      `A caller in namespace ${callerNamespace} is not told what ${principal} may do at ${resource}: ask from the namespace of the identity or of the resource, or have an administrator list yours in issuer.decisionNamespaces.`,
    ),
  TokenInactive: () =>
    reason(
      "TokenInactive",
      "The access token in subject.properties.access_token does not stand: it is not the subject's, has expired or was revoked. Ask the client for a new one.",
    ),
  ActionNotGranted: (principal: string, action: string, scope: string, nearest?: string) =>
    reason(
      "ActionNotGranted",
      `Managed identity ${principal} has no role that allows ${action} at ${scope}: check the action, or create a RoleAssignment of a role that names it there.${after(nearest)}`,
    ),
  RouteNotFound: (path: string) =>
    reason("RouteNotFound", `There is nothing at ${path}: /.well-known/openid-configuration lists the endpoints.`),
  MethodNotAllowed: (allowed: string) =>
    reason("MethodNotAllowed", `This endpoint does not take this method: use ${allowed}.`),
  UnsupportedMediaType: (expected: string) =>
    reason("UnsupportedMediaType", `The body has another content type than this endpoint takes: send ${expected}.`),
  BodyTooLarge: (limitBytes: number) =>
    reason("BodyTooLarge", `The body is larger than ${limitBytes} bytes: send a smaller one.`),
  BodyTooSlow: () => reason("BodyTooSlow", "The body did not arrive in time: send the request again."),
  BodyTooFragmented: () =>
    reason("BodyTooFragmented", "The body arrived in thousands of tiny chunks: send it with Content-Length."),
  ServerBusy: (retryAfterSeconds: number) =>
    reason("ServerBusy", `The server reads too many request bodies now: ask again in ${retryAfterSeconds} s.`),
  ClusterKeysUnavailable: (detail: string) =>
    reason(
      "ClusterKeysUnavailable",
      "The issuer cannot read the keys that this cluster signs ServiceAccount tokens with: ask again in a few seconds.",
      detail,
    ),
  NotReady: () => reason("NotReady", "The issuer has not read the cluster's state yet: ask again in a second."),
  InternalError: (detail: string) =>
    reason(
      "InternalError",
      "The request could not be decided: try again, and report the trace id if it stays.",
      detail,
    ),
} as const;

export type RefusalCode = keyof typeof refusals;
export type Refusal = Reason<RefusalCode>;
