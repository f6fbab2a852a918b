import { didYouMean } from "../../identity/nearest-name.ts";
import { namespaceScope, parseScope, type Scope } from "../../identity/scope.ts";
import { roleDefinitions } from "../../kube/kinds.ts";
import { findTarget } from "../access/find-target.ts";
import { find } from "../cluster/readable.ts";
import { RequestError } from "../cluster/request-error.ts";
import type { Session } from "../cluster/session.ts";
import { findIdentity } from "../identity/find-identity.ts";
import { parseIdentityReference } from "../identity/identity-reference.ts";
import { UsageError } from "../usage-error.ts";
import type { NewAssignment } from "./assignment-manifest.ts";
import { type LimitOptions, parseLimits } from "./limits.ts";
import { type PrincipalSpec, principalSpecOf } from "./principal-spec.ts";

export interface CreateOptions extends LimitOptions {
  readonly assignee: string;
  readonly role: string;
  readonly resource?: string;
  readonly scope?: string;
  /** Given, without a resource or a scope, for all that is in it. */
  readonly namespace?: string;
  readonly name?: string;
}

/** Finds what is wrong in the options themselves. */
export function checkCreateOptions(options: CreateOptions, now: number): void {
  parseLimits(options, now);
  placeNamed(options);
}

/** What was asked for, checked against what there is. Throws a UsageError. */
export async function newAssignment(
  options: CreateOptions,
  session: Session,
): Promise<NewAssignment & { readonly notes: readonly string[] }> {
  const limits = parseLimits(options, session.clock.now());
  const notes: string[] = [];
  const orUnseen = <T>(look: Promise<T>, instead: () => T, what: string): Promise<T> =>
    look.catch((error: unknown) => {
      if (!(error instanceof RequestError) || error.reason !== "Forbidden") throw error;
      notes.push(`Not checked: you may not see whether ${what} exists. The assignment's Ready condition will say.`);
      return instead();
    });
  const principal = await orUnseen(
    findIdentity(options.assignee, session).then(principalSpecOf),
    () => unseenPrincipal(options.assignee, session),
    options.assignee,
  );
  await orUnseen(checkRole(options.role, session), () => undefined, `RoleDefinition ${options.role}`);
  const target = await targetOf(options, session);
  return { principal, role: options.role, limits, name: options.name, ...target, notes: [...notes, ...target.notes] };
}

function unseenPrincipal(assignee: string, { namespace }: Session): PrincipalSpec {
  const reference = parseIdentityReference(assignee, namespace);
  switch (reference.by) {
    case "name":
      return { managedIdentity: reference.name, namespace: reference.namespace };
    case "workload":
      return { workload: { kind: reference.kind, name: reference.name }, namespace: reference.namespace };
    case "id":
      throw new UsageError(`you may not see whose id ${assignee} is: name the identity by NAMESPACE/NAME.`);
  }
}

async function checkRole(name: string, { api }: Session): Promise<undefined> {
  if ((await find(api, roleDefinitions, { name })) !== undefined) return;
  const known = (await api.list(roleDefinitions)).items.map(({ metadata }) => metadata.name);
  throw new UsageError(
    `there is no RoleDefinition ${name}.${didYouMean(name, known)} Roles: ${known.sort().join(", ") || "none"}.`,
  );
}

type PlaceNamed =
  | { readonly by: "resource"; readonly resource: string }
  | { readonly by: "scope"; readonly scope: Scope };

/** All of a namespace, and all of the cluster, are given to nobody by leaving something out. */
function placeNamed({ resource, scope, namespace }: CreateOptions): PlaceNamed {
  if (resource !== undefined && scope !== undefined) throw new UsageError("give --resource or --scope, not both.");
  if (resource !== undefined) return { by: "resource", resource };
  if (scope !== undefined) return { by: "scope", scope: scopeNamed(scope) };
  if (namespace !== undefined) return { by: "scope", scope: namespaceScope(namespace) };
  throw new UsageError(
    "on what? Give --resource, or --namespace for all that is in one, or --scope / for the whole cluster.",
  );
}

async function targetOf(
  options: CreateOptions,
  session: Session,
): Promise<{ readonly scope: Scope; readonly notes: readonly string[] }> {
  const place = placeNamed(options);
  const { scope, notes, incomplete } = await findTarget(
    place.by === "resource" ? place.resource : place.scope,
    session,
  );
  return { scope, notes: [...incomplete, ...notes] };
}

function scopeNamed(text: string): Scope {
  const scope = parseScope(text);
  if (scope !== undefined) return scope;
  throw new UsageError(`--scope ${text} is no scope: expected /, /namespaces/NAME or /namespaces/NAME/resources/NAME.`);
}
