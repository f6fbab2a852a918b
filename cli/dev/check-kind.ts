import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { didYouMean, nearestName } from "../../identity/nearest-name.ts";
import type { Problem } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds, events } from "../../kube/kinds.ts";

export type CheckedKind =
  | { readonly kind: "known"; readonly known: Kind }
  /** Of no use to an identity plane, such as a Service. */
  | { readonly kind: "notNeeded" }
  | { readonly kind: "wrong"; readonly problem: Problem };

const knownKinds = allKinds.filter((kind) => kind !== events);
const lanyardKinds = namesIn(API_VERSION);
/** Nearly every kind is near to one with so short a name: a `Node` is no misspelt `Pod`. */
const SHORTEST_MISSPELT = 5;

/** Which kind an object is of, or what was most likely meant. */
export function checkKind({ apiVersion, kind: name }: Manifest): CheckedKind {
  const known = knownKinds.find((one) => one.kind === name && one.apiVersion === apiVersion);
  if (known !== undefined) return { kind: "known", known };
  const [group = "", version] = apiVersion.split("/");
  if (version !== undefined && nearestName(group, [API_GROUP]) !== undefined) return wrongInOurGroup(apiVersion, name);
  return isKubernetesOwn(group, version) ? wrongInKubernetes(apiVersion, name) : { kind: "notNeeded" };
}

function wrongInOurGroup(apiVersion: string, name: string): CheckedKind {
  if (apiVersion !== API_VERSION) return wrong(["apiVersion"], `expected ${API_VERSION}, got ${apiVersion}`);
  const hint = didYouMean(name, lanyardKinds);
  return wrong(["kind"], `${API_GROUP} has no kind "${name}".${hint} It has ${lanyardKinds.join(", ")}.`);
}

function wrongInKubernetes(apiVersion: string, name: string): CheckedKind {
  const elsewhere = knownKinds.find((one) => one.kind === name && one.apiVersion !== API_VERSION);
  if (elsewhere !== undefined) {
    return wrong(["apiVersion"], `expected ${elsewhere.apiVersion} for a ${name}, got ${apiVersion}`);
  }
  const hint = name.length < SHORTEST_MISSPELT ? "" : didYouMean(name, namesIn(apiVersion));
  return hint === "" ? { kind: "notNeeded" } : wrong(["kind"], `${apiVersion} has no kind "${name}".${hint}`);
}

/** Groups of other projects have a domain, and their own kinds named Job or Deployment. */
function isKubernetesOwn(group: string, version: string | undefined): boolean {
  return version === undefined || !group.includes(".");
}

function namesIn(apiVersion: string): string[] {
  return knownKinds.filter((kind) => kind.apiVersion === apiVersion).map(({ kind }) => kind);
}

function wrong(path: readonly string[], message: string): CheckedKind {
  return { kind: "wrong", problem: { path, message } };
}
