import type { AssignedRole } from "./assigned-role.ts";
import { Groups } from "./groups.ts";
import type { PrincipalId } from "./ids.ts";
import type { ManagedIdentity } from "./managed-identity.ts";
import { principalReference, referencesTo, referenceText } from "./principal-reference.ts";

/** Assignments by the object that they name as their principal, which may not be what they are pinned to. */
export class NamedPrincipals {
  readonly #named = new Map<string, Groups<AssignedRole>>();

  put(key: string, assigned: AssignedRole): void {
    const name = nameIn(assigned);
    const pinned = this.#named.get(name) ?? new Groups();
    this.#named.set(name, pinned);
    pinned.put(pinIn(assigned), key, assigned);
  }

  delete(key: string, assigned: AssignedRole): void {
    const name = nameIn(assigned);
    const pinned = this.#named.get(name);
    pinned?.delete(pinIn(assigned), key);
    if (pinned?.all.size === 0) this.#named.delete(name);
  }

  /** Those that name an identity, and are pinned to an earlier one of its name or not yet to any. */
  *notPinned(identity: ManagedIdentity, principal: PrincipalId): Generator<AssignedRole> {
    for (const reference of referencesTo(identity)) {
      for (const [pin, assigned] of this.#named.get(referenceText(reference))?.all ?? []) {
        if (pin !== principal) yield* assigned.values();
      }
    }
  }
}

const nameIn = ({ assignment }: AssignedRole): string => referenceText(principalReference(assignment));
const pinIn = ({ assignment }: AssignedRole): string => assignment.status?.principalId ?? "";
