import type { Selector } from "./token-request.ts";

/** A pod of `world/`, as `lanyard dev --as` names it. */
export type Pod =
  | "shop/has-one"
  | "shop/has-several"
  | "shop/Deployment/has-system"
  | "shop/Deployment/has-both"
  | "shop/Deployment/has-none";

/** An identity of `world/`: a user-assigned one by its name, a system-assigned one by its workload. */
export type IdentityName = "shop/one" | "shop/two" | "shop/foreign" | `shop/Deployment/${string}`;

/** One row of the matrix: who asks for which identity, and what comes of it. */
export interface Case {
  readonly given: string;
  readonly as: Pod;
  readonly asks: { readonly by: "none" } | { readonly by: Exclude<Selector["by"], "none">; readonly of: IdentityName };
  readonly then: { readonly granted: IdentityName } | { readonly refused: RegExp };
}

const notFound = /Identity not found: this pod may not use/;

export const cases: readonly Case[] = [
  {
    given: "only a system-assigned identity, none named: that one",
    as: "shop/Deployment/has-system",
    asks: { by: "none" },
    then: { granted: "shop/Deployment/has-system" },
  },
  {
    given: "only a system-assigned identity, another's client id: refused",
    as: "shop/Deployment/has-system",
    asks: { by: "clientId", of: "shop/one" },
    then: { refused: notFound },
  },
  {
    given: "one user-assigned identity, none named: that one",
    as: "shop/has-one",
    asks: { by: "none" },
    then: { granted: "shop/one" },
  },
  {
    given: "several user-assigned identities, none named: refused, with the advice to name one",
    as: "shop/has-several",
    asks: { by: "none" },
    then: { refused: /Multiple user assigned identities exist, please specify the clientId \/ resourceId/ },
  },
  {
    given: "several user-assigned identities, one by client id: that one",
    as: "shop/has-several",
    asks: { by: "clientId", of: "shop/two" },
    then: { granted: "shop/two" },
  },
  {
    given: "several user-assigned identities, one by object id: that one",
    as: "shop/has-several",
    asks: { by: "objectId", of: "shop/two" },
    then: { granted: "shop/two" },
  },
  {
    given: "several user-assigned identities, one by resource id: that one",
    as: "shop/has-several",
    asks: { by: "resourceId", of: "shop/two" },
    then: { granted: "shop/two" },
  },
  {
    given: "several user-assigned identities, the client id of one that the pod may not use: refused",
    as: "shop/has-several",
    asks: { by: "clientId", of: "shop/foreign" },
    then: { refused: notFound },
  },
  {
    given: "several user-assigned identities, the object id of one that the pod may not use: refused",
    as: "shop/has-several",
    asks: { by: "objectId", of: "shop/foreign" },
    then: { refused: notFound },
  },
  {
    given: "several user-assigned identities, the resource id of one that the pod may not use: refused",
    as: "shop/has-several",
    asks: { by: "resourceId", of: "shop/foreign" },
    then: { refused: notFound },
  },
  {
    given: "both kinds, none named: the system-assigned one",
    as: "shop/Deployment/has-both",
    asks: { by: "none" },
    then: { granted: "shop/Deployment/has-both" },
  },
  {
    given: "both kinds, the user-assigned one by client id: that one",
    as: "shop/Deployment/has-both",
    asks: { by: "clientId", of: "shop/one" },
    then: { granted: "shop/one" },
  },
  {
    given: "no identity: refused, with the advice to assign one",
    as: "shop/Deployment/has-none",
    asks: { by: "none" },
    then: { refused: /Identity not found: no managed identity is assigned to this pod/ },
  },
];
