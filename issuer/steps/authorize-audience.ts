import { canonicalAudience, isSameAudience } from "../../identity/audience.ts";
import { type AudienceDecision, authorizeAudience as decide } from "../../identity/authorize-audience.ts";
import { refusals } from "../../identity/reasons.ts";
import type { BoundIdentity } from "../../identity/usable-identities.ts";
import type { Pod } from "../../kube/core-objects.ts";
import { keyText } from "../../kube/kind.ts";
import { resourceUnusable } from "../../kube/stored-resource.ts";
import { type AuditNotes, noteGrants } from "../audit.ts";
import type { ClusterState } from "../cluster-state.ts";
import { Refused } from "../endpoint.ts";
import type { IssuerSettings } from "../settings.ts";
import { type Account, Work } from "../work.ts";
import type { TokenRequest } from "./token-request.ts";

interface Context {
  readonly asked: Pick<TokenRequest, "audience">;
  readonly bound: BoundIdentity;
  readonly pod: Pod;
  readonly notes: AuditNotes;
  readonly account: Account;
}

export interface AudienceAuthorization {
  readonly cluster: Pick<ClusterState, "access" | "audienceOwners" | "now" | "podFacts">;
  readonly settings: Pick<IssuerSettings, "unregisteredAudiences">;
  /** The issuer's URL. */
  readonly issuer: string;
}

export type Granted = Extract<AudienceDecision, { kind: "granted" }>;

/** Whether the audience is registered, whether it requires a role, and which roles there are, as the stores say now. */
export function authorizeAudience({ cluster, settings, issuer }: AudienceAuthorization) {
  return async ({ asked, bound, pod, notes, account }: Context): Promise<{ readonly granted: Granted } | Refused> => {
    const { usable: owners, unusable } = cluster.audienceOwners;
    const broken = unusable.get(canonicalAudience(asked.audience));
    const { unregisteredAudiences } = settings;
    if (broken !== undefined && !isSameAudience(asked.audience, issuer)) return new Refused(resourceUnusable(broken));
    const { access } = cluster;
    const decision = await new Work(account).question(async (meter) => {
      const facts = await cluster.podFacts(pod, meter);
      if (facts === undefined) return undefined;
      return decide(bound, asked.audience, {
        ...{ access, owners, unregisteredAudiences, issuer },
        suggestible: (identity) => suggestible(identity, cluster),
        request: { now: cluster.now(), pod: facts, meter },
      });
    });
    if (decision === undefined) return new Refused(refusals.PodNotFound(keyText(pod.metadata)));
    if (decision.kind === "refused") return new Refused(decision.refusal);
    notes.audience = decision.audience;
    notes.roles = [...decision.roles];
    noteGrants(notes, decision.grants);
    return { granted: decision };
  };
}

function* suggestible(
  { identity, principalId }: BoundIdentity,
  { access, audienceOwners }: Pick<ClusterState, "access" | "audienceOwners">,
): Generator<string> {
  yield* audienceOwners.inNamespace(identity.metadata.namespace);
  for (const resource of access.resourcesOf(principalId)) yield* audienceOwners.ofResource(resource);
}
