import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";
import { type IdentitySelector, type Selection, selectIdentity } from "../../identity/select-identity.ts";
import { type PodFacts, usableIdentities } from "../../identity/usable-identities.ts";
import { property } from "../support/property.ts";
import { bound, pod, systemAssigned, tenant, userAssigned } from "./builders.ts";

const orders = userAssigned({ name: "orders" });
const billing = userAssigned({ name: "billing" });
const own = systemAssigned("deployment-uid");
const foreign = userAssigned(
  { name: "ledger", namespace: "finance" },
  { subjects: [{ serviceAccount: "orders", namespace: "shop" }] },
);
const disabled = userAssigned({ name: "orders" }, { disabled: true });

const byDefault: IdentitySelector = { by: "default" };
const inDeployment: Partial<PodFacts> = { controllerChain: new Set(["pod-uid", "deployment-uid"]) };
const byClientId = (identity: ManagedIdentity, facts?: Partial<PodFacts>): IdentitySelector => ({
  by: "clientId",
  value: bound(identity, facts).clientId,
});

/** From the pod's facts and what is in the cluster to the answer, as the issuer does it. */
function select(asked: IdentitySelector, facts: Partial<PodFacts>, identities: readonly ManagedIdentity[]): Selection {
  const asking = pod(facts);
  return selectIdentity(asked, asking, usableIdentities(asking, identities, tenant));
}

function outcome(selection: Selection): string {
  if (selection.kind === "refused") return selection.refusal.code;
  const { namespace, name } = selection.identity.identity.metadata;
  return `${namespace}/${name}`;
}

describe("an unnamed request", () => {
  test.each([
    { given: "nothing bound", facts: {}, identities: [], answer: "NoIdentity" },
    { given: "one user-assigned", facts: {}, identities: [orders], answer: "shop/orders" },
    { given: "two user-assigned", facts: {}, identities: [orders, billing], answer: "IdentityAmbiguous" },
    { given: "the system-assigned alone", facts: inDeployment, identities: [own], answer: "shop/web" },
    {
      given: "two user-assigned and the system-assigned",
      facts: inDeployment,
      identities: [orders, billing, own],
      answer: "shop/web",
    },
    {
      given: "another workload's system-assigned beside one user-assigned",
      facts: {},
      identities: [own, orders],
      answer: "shop/orders",
    },
    {
      given: "system-assigned ones of two controllers in one chain",
      facts: inDeployment,
      identities: [own, systemAssigned("pod-uid", { name: "pod" })],
      answer: "IdentityAmbiguous",
    },
    { given: "only one of another namespace, not named", facts: {}, identities: [foreign], answer: "NoIdentity" },
    {
      given: "annotated, among two",
      facts: { annotatedIdentity: "billing" },
      identities: [orders, billing],
      answer: "shop/billing",
    },
    {
      given: "annotated with its namespace",
      facts: { annotatedIdentity: "shop/billing" },
      identities: [orders, billing],
      answer: "shop/billing",
    },
    {
      given: "the annotation goes before the system-assigned",
      facts: { ...inDeployment, annotatedIdentity: "orders" },
      identities: [orders, own],
      answer: "shop/orders",
    },
    {
      given: "annotated with one of another namespace that consents",
      facts: { annotatedIdentity: "finance/ledger" },
      identities: [orders, foreign],
      answer: "finance/ledger",
    },
    {
      given: "annotated with what does not exist: no fallback to the only one",
      facts: { annotatedIdentity: "missing" },
      identities: [orders],
      answer: "IdentityNotFound",
    },
    {
      given: "annotated with what it may not use: no fallback to the system-assigned",
      facts: { ...inDeployment, annotatedIdentity: "finance/ledger" },
      identities: [own, userAssigned({ name: "ledger", namespace: "finance" })],
      answer: "IdentityNotFound",
    },
    {
      given: "an empty annotation: no fallback",
      facts: { annotatedIdentity: "" },
      identities: [orders],
      answer: "IdentityNotFound",
    },
    { given: "the only one is disabled", facts: {}, identities: [disabled], answer: "IdentityDisabled" },
    {
      given: "one of two is disabled: disabling never moves a pod to another identity",
      facts: {},
      identities: [disabled, billing],
      answer: "IdentityAmbiguous",
    },
    {
      given: "the only one is being deleted",
      facts: {},
      identities: [userAssigned({ deletionTimestamp: "2026-11-21T11:00:00Z" })],
      answer: "NoIdentity",
    },
  ])("$given → $answer", ({ facts, identities, answer }) => {
    expect(outcome(select(byDefault, facts, identities))).toBe(answer);
  });
});

test("one of another namespace is no default, even where a pod could use it", () => {
  const usable = [bound(foreign, { annotatedIdentity: "finance/ledger" })];
  expect(outcome(selectIdentity(byDefault, pod(), usable))).toBe("NoIdentity");
});

describe("a request that names an identity", () => {
  test.each([
    { given: "its client id", asked: byClientId(billing), identities: [orders, billing], answer: "shop/billing" },
    {
      given: "its object id",
      asked: { by: "objectId", value: billing.metadata.uid } as const,
      identities: [orders, billing],
      answer: "shop/billing",
    },
    {
      given: "its resource id",
      asked: { by: "resourceId", value: "/namespaces/shop/managedIdentities/billing" } as const,
      identities: [orders, billing],
      answer: "shop/billing",
    },
    {
      given: "its client id in upper case",
      asked: { by: "clientId", value: bound(billing).clientId.toUpperCase() } as const,
      identities: [orders, billing],
      answer: "shop/billing",
    },
    {
      given: "an identity that the pod may not use, though it has another",
      asked: byClientId(billing),
      identities: [orders],
      answer: "IdentityNotFound",
    },
    {
      given: "an object id in the place of a client id",
      asked: { by: "clientId", value: orders.metadata.uid } as const,
      identities: [orders],
      answer: "IdentityNotFound",
    },
    {
      given: "nothing but white space",
      asked: { by: "clientId", value: " " } as const,
      identities: [orders],
      answer: "IdentityNotFound",
    },
    {
      given: "a disabled one",
      asked: byClientId(disabled),
      identities: [disabled, billing],
      answer: "IdentityDisabled",
    },
  ])("$given → $answer", ({ asked, identities, answer }) => {
    expect(outcome(select(asked, {}, identities))).toBe(answer);
  });

  test("a name goes before the annotation", () => {
    expect(outcome(select(byClientId(orders), { annotatedIdentity: "billing" }, [orders, billing]))).toBe(
      "shop/orders",
    );
  });

  test("one of another namespace needs the annotation even when it is named", () => {
    const asked = byClientId(foreign, { annotatedIdentity: "finance/ledger" });
    expect(outcome(select(asked, {}, [foreign]))).toBe("IdentityNotFound");
    expect(outcome(select(asked, { annotatedIdentity: "finance/ledger" }, [foreign]))).toBe("finance/ledger");
  });
});

describe("what a refusal says", () => {
  const sentence = (selection: Selection): string => (selection.kind === "refused" ? selection.refusal.sentence : "");

  test("several: the cloud's own words, then the names to choose from", () => {
    const said = sentence(select(byDefault, {}, [orders, billing]));
    expect(said).toMatch(/^Multiple user assigned identities exist, please specify the clientId \/ resourceId/);
    expect(said).toContain(`shop/orders (client id ${bound(orders).clientId})`);
  });

  test("none: the cloud's own words, then the ServiceAccount to add", () => {
    expect(sentence(select(byDefault, {}, []))).toMatch(/^Identity not found: .*ServiceAccount shop\/orders/);
  });

  test("an annotation in vain: what it names", () => {
    expect(sentence(select(byDefault, { annotatedIdentity: "missing" }, [orders]))).toContain(
      '"missing", which its annotation lanyard.dev/identity names',
    );
  });
});

const selectors: fc.Arbitrary<IdentitySelector> = fc.oneof(
  fc.constant(byDefault),
  fc.record({
    by: fc.constantFrom("clientId" as const, "objectId" as const, "resourceId" as const),
    value: fc.oneof(
      fc.string(),
      fc.constantFrom(orders.metadata.uid, bound(billing).clientId, bound(orders).resourceId),
    ),
  }),
);
const pods = fc.record(
  {
    serviceAccount: fc.constantFrom("orders", "other"),
    annotatedIdentity: fc.constantFrom("orders", "billing", "finance/ledger", "", "web"),
    controllerChain: fc.constantFrom(new Set(["pod-uid"]), new Set(["deployment-uid"])),
  },
  { requiredKeys: ["serviceAccount", "controllerChain"] },
);
const worlds = fc.subarray([orders, billing, own, foreign, userAssigned({ name: "off" }, { disabled: true })]);

property(
  "never selects what the pod may not use, nor a disabled identity",
  [selectors, pods, worlds],
  (asked, facts, identities) => {
    const asking = pod(facts);
    const usable = usableIdentities(asking, identities, tenant);
    const selection = selectIdentity(asked, asking, usable);
    return (
      selection.kind === "refused" ||
      (usable.includes(selection.identity) && !selection.identity.identity.spec.disabled)
    );
  },
);

property(
  "the order in which identities are stored decides nothing",
  [selectors, pods, worlds],
  (asked, facts, identities) => {
    return outcome(select(asked, facts, identities)) === outcome(select(asked, facts, identities.toReversed()));
  },
);

property(
  "a pod without the annotation never gets an identity of another namespace",
  [selectors, worlds],
  (asked, identities) => {
    const selection = select(asked, {}, identities);
    return selection.kind === "refused" || selection.identity.identity.metadata.namespace === "shop";
  },
);
