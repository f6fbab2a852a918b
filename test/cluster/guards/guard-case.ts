import { customResources } from "../../../identity/custom-resources.ts";
import { API_VERSION } from "../../../identity/names.ts";
import type { Who } from "./people.ts";

const kinds = new Map(customResources.map(({ plural, kind }) => [plural, kind]));

export const SHOP = "guards-shop";
export const PAYMENTS = "guards-payments";

/** Stands for the name of the system-assigned identity of Deployment `web`, which no table can know. */
export const IDENTITY_OF_WEB = "the-identity-of-web";

export interface Target {
  /** Such as `roleassignments`. */
  readonly plural: string;
  readonly name: string;
  /** None for kinds without one. */
  readonly namespace?: string;
}

export interface LanyardObject {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: object;
  readonly status?: object;
}

export type Request =
  | { readonly kind: "create"; readonly object: object }
  /** Server-side, as GitOps tools do; `status` is the subresource of that name. */
  | { readonly kind: "apply"; readonly part: "object" | "status"; readonly object: object }
  | { readonly kind: "patch"; readonly target: Target; readonly patch: object }
  | { readonly kind: "delete"; readonly target: Target };

/** One attempt of one person, and what the API server says to it. */
export interface GuardCase {
  readonly who: Who;
  readonly does: string;
  readonly request: Request;
  readonly expected: Expected;
}

export type Expected =
  /** Without `lost`, which the object had in it when it was sent. */
  { readonly kind: "taken"; readonly lost?: string } | { readonly kind: "refused"; readonly because: string };

export const may = (who: Who, does: string, request: Request): GuardCase => ({
  ...{ who, does, request },
  expected: { kind: "taken" },
});

export const mayNot = (who: Who, does: string, request: Request, because: string): GuardCase => ({
  ...{ who, does, request },
  expected: { kind: "refused", because },
});

export const create = (object: LanyardObject): Request => ({
  kind: "create",
  object: { apiVersion: API_VERSION, ...object },
});

export const apply = (object: LanyardObject): Request => ({
  ...{ kind: "apply", part: "object" },
  object: { apiVersion: API_VERSION, ...object },
});

export const applyStatus = ({ plural, ...metadata }: Target, status: object): Request => ({
  ...{ kind: "apply", part: "status" },
  object: { apiVersion: API_VERSION, kind: kinds.get(plural), metadata, status },
});

export const patch = (target: Target, change: object): Request => ({ kind: "patch", target, patch: change });
export const remove = (target: Target): Request => ({ kind: "delete", target });

/** What RBAC says, before any guard is asked. */
export const cannot = (verb: string, plural: string): string => `cannot ${verb} resource "${plural}"`;
