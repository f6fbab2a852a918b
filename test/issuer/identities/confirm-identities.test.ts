import { describe, expect, test } from "vitest";
import type { ManagedIdentity } from "../../../identity/managed-identity.ts";
import { type PodFacts, usableIdentities } from "../../../identity/usable-identities.ts";
import { confirmIdentities } from "../../../issuer/identities/confirm-identities.ts";
import { tenant, userAssigned } from "../../identity/builders.ts";

const subjects = [{ serviceAccount: "orders" }];
const orders = userAssigned({ name: "orders", namespace: "shop" }, { subjects });
const reports = userAssigned({ name: "reports", namespace: "shop" }, { subjects });
const disabled = (identity: ManagedIdentity): ManagedIdentity => ({
  ...identity,
  spec: { ...identity.spec, disabled: true },
});

const pod: PodFacts = { namespace: "shop", serviceAccount: "orders", controllerChain: new Set() };
const annotated = (annotatedIdentity: string): PodFacts => ({ ...pod, annotatedIdentity });

function outcome(facts: PodFacts, identities: readonly ManagedIdentity[]): readonly string[] | string {
  const confirmation = confirmIdentities(facts, usableIdentities(facts, identities, tenant));
  if (confirmation.kind === "refused") return confirmation.refusal.code;
  return confirmation.identities.map((listed) => `${listed.resource_id.split("/").at(-1)} ${listed.default}`);
}

describe("a pod may start", () => {
  test.each([
    ["with its only identity", pod, [orders], ["orders true"]],
    ["with several, none of which is the default", pod, [orders, reports], ["orders false", "reports false"]],
    [
      "with the one that it names among several",
      annotated("reports"),
      [orders, reports],
      ["orders false", "reports true"],
    ],
    ["with one that is not disabled beside the one that is", pod, [disabled(orders), reports], ["reports false"]],
  ])("%s", (_name, facts, identities, expected) => {
    expect(outcome(facts, identities)).toEqual(expected);
  });
});

describe("a pod waits", () => {
  test.each([
    ["without any identity", pod, [], "NoIdentity"],
    ["without the one that it names, whatever else it may use", annotated("missing"), [orders], "IdentityNotFound"],
    ["while its only identity is disabled", pod, [disabled(orders)], "IdentityDisabled"],
    ["while all of several are disabled", pod, [disabled(orders), disabled(reports)], "IdentityDisabled"],
  ])("%s", (_name, facts, identities, code) => {
    expect(outcome(facts, identities)).toBe(code);
  });
});
