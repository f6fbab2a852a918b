import { canonicalAudience, registeredSpelling } from "../../identity/audience.ts";
import { type AudienceOwners, watchAudienceOwners } from "../../issuer/audience-owners.ts";
import { Store } from "../../kube/store.ts";
import { audiencesOf, type StoredResource, storedResources } from "../../kube/stored-resource.ts";
import { listWidely } from "../cluster/readable.ts";
import type { ApiRequest } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";

export interface Audiences {
  readonly owners: AudienceOwners;
  readonly resources: readonly StoredResource[];
  /** A resource of a namespace that could not be read may be the older one, and so the owner. */
  readonly unread: readonly ApiRequest[];
}

/** Which resource owns each audience, by the issuer's own rule. */
export async function readAudiences({ api, namespace }: Pick<Session, "api" | "namespace">): Promise<Audiences> {
  const { items, unread } = await listWidely(api, storedResources, namespace);
  const store = new Store<StoredResource>({ audience: audiencesOf });
  const owners = watchAudienceOwners(store, "audience");
  store.replace(items);
  return { owners, resources: items, unread };
}

/** An audience as its owner wrote it, which is what a condition compares; as it is where nobody registers it. */
export function spelled(audience: string, { owners }: Audiences): string {
  const owner = owners.usable.get(canonicalAudience(audience));
  return owner === undefined ? audience : registeredSpelling(owner, audience);
}
