import { v5 as uuidV5 } from "uuid";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The UID of a ManagedIdentity object: a new object is a new principal. The `sub` and `oid` of a token. */
export type PrincipalId = Branded<"PrincipalId">;
/** What an application names an identity by; a UUIDv5, the `azp` and `appid` of a token. */
export type ClientId = Branded<"ClientId">;
/** The UID of the tenant namespace; the `tid` of a token. */
export type TenantId = Branded<"TenantId">;
/** `/namespaces/NAMESPACE/managedIdentities/NAME`; the `xms_mirid` of a token. */
export type ResourceId = Branded<"ResourceId">;

export const principalId = (objectUid: string): PrincipalId => objectUid as PrincipalId;
export const tenantId = (namespaceUid: string): TenantId => namespaceUid as TenantId;

/** RFC 9562 §5.5: the same principal in the same tenant always has the same client id, on every replica, with no state. */
export function clientIdOf(principal: PrincipalId, tenant: TenantId): ClientId {
  return uuidV5(principal, tenant) as ClientId;
}

export function resourceIdOf(identity: { readonly namespace: string; readonly name: string }): ResourceId {
  return `/namespaces/${identity.namespace}/managedIdentities/${identity.name}` as ResourceId;
}
