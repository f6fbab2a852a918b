import { API_VERSION } from "../../identity/names.ts";
import type { Scope } from "../../identity/scope.ts";
import type { Manifest } from "../../kube/api.ts";
import { placeOf } from "../access/scope-place.ts";
import type { PrincipalSpec } from "./principal-spec.ts";

/** What bounds a grant beyond its place. */
export interface Limits {
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly condition?: string | undefined;
}

export interface NewAssignment {
  readonly principal: PrincipalSpec;
  readonly role: string;
  readonly scope: Scope;
  readonly limits?: Limits;
  /** One made of the rest when left out. */
  readonly name?: string | undefined;
}

/** The assignment as it is applied: it lives where its target lives, and for the whole cluster in no namespace. */
export function assignmentManifest(assignment: NewAssignment): Manifest {
  const { principal, role, scope, limits = {}, name = assignmentName(assignment) } = assignment;
  const { namespace, resource, subresource } = placeOf(scope);
  const place = namespace === undefined ? { scope } : { resource, subresource };
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? "ClusterRoleAssignment" : "RoleAssignment",
    metadata: namespace === undefined ? { name } : { name, namespace },
    spec: written({ principal: written(principal), roleDefinition: role, ...place, ...limits }),
  };
}

const LONGEST_NAME = 253;

/** `orders-secrets-reader-payments-vault`: who has which role on what, with the namespace of whoever is from another. */
export function assignmentName({ principal, role, scope }: Omit<NewAssignment, "name">): string {
  const { namespace, resource, subresource } = placeOf(scope);
  const foreign = principal.namespace === namespace ? undefined : principal.namespace;
  const who = principal.managedIdentity ?? principal.workload?.name;
  const parts = [foreign, who, role, resource, subresource?.replaceAll("/", "-")].filter((part) => part !== undefined);
  // Cut in the middle, a name may end in a separator, which a DNS name must not.
  return parts
    .join("-")
    .slice(0, LONGEST_NAME)
    .replace(/[.-]+$/, "");
}

/** Without what is left out: an absent field and an undefined one are the same to YAML's readers, not to its writers. */
function written(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
