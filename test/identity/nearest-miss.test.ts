import { describe, expect, test } from "vitest";
import { principalId } from "../../identity/ids.ts";
import { missSentence } from "../../identity/nearest-miss.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { clusterScope, namespaceScope, resourceScope, type Scope, subresourceScope } from "../../identity/scope.ts";
import { accessIndex, clusterRoleAssignment, inSeconds, now, role, roleAssignment, userAssigned } from "./builders.ts";

const identity = userAssigned({ uid: "6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f" });
const principal = principalId(identity.metadata.uid);
const earlier = "b3a1f7d4-9c58-4f39-a1c2-5e7d9f0b2c46";
const vault = resourceScope("payments", "payments-vault");
const roles = [
  role("secrets-reader", { actions: ["secrets/read"] }),
  role("queue-sender", { actions: ["queues/*/send"] }),
  role("kubernetes-view", { kubernetesRole: "view" }),
];
type Spec = Parameters<typeof roleAssignment>[2];
const reads = (spec: Spec = {}, meta: object = {}, pin: string | undefined = principal): AnyRoleAssignment =>
  roleAssignment(
    pin,
    { name: "orders-reads", ...meta },
    { roleDefinition: "secrets-reader", resource: "payments-vault", ...spec },
  );
const onOther = reads({ resource: "other-vault" }, { name: "other" });

const pod = { namespace: "shop", name: "orders-1", serviceAccount: "orders", labels: {} };

interface Told {
  readonly pod?: typeof pod | undefined;
  readonly within?: Scope;
  readonly scope?: Scope;
}

function told(assignments: readonly AnyRoleAssignment[], { within = clusterScope, scope = vault, pod }: Told = {}) {
  const question = { principal, action: "secrets/read", scope, explain: { identity, within } };
  const decision = accessIndex(assignments, roles).decide(question, { now, pod });
  if (decision.kind === "allowed") return "allowed";
  return decision.nearestMiss && missSentence(decision.nearestMiss);
}

const where =
  "RoleAssignment payments/orders-reads gives it secrets-reader on /namespaces/payments/resources/payments-vault";

describe("a denial says what came nearest", () => {
  test.each<[string, readonly AnyRoleAssignment[], string | undefined, typeof pod?]>([
    ["nothing", [], undefined],
    [
      "the right role at another scope",
      [onOther],
      "It has secrets-reader on /namespaces/payments/resources/other-vault; needs it on …/payments-vault.",
    ],
    [
      "the right role in another namespace",
      [reads({}, { namespace: "shop" })],
      "It has secrets-reader on /namespaces/shop/resources/payments-vault; needs it on /namespaces/payments/resources/payments-vault.",
    ],
    [
      "the right role on a part",
      [reads({ subresource: "secrets/a" })],
      "It has secrets-reader on /namespaces/payments/resources/payments-vault/secrets/a; needs it on /namespaces/payments/resources/payments-vault.",
    ],
    [
      "another role at the right scope",
      [reads({ roleDefinition: "queue-sender" })],
      "It has queue-sender on /namespaces/payments/resources/payments-vault, which does not allow secrets/read.",
    ],
    [
      "a role for the Kubernetes API alone",
      [clusterRoleAssignment(principal, "/", { roleDefinition: "kubernetes-view" })],
      "It has kubernetes-view on /, which does not allow secrets/read.",
    ],
    ["one that has ended", [reads({ expiresAt: inSeconds(-1) })], `${where} no more since 2026-11-21T11:59:59.000Z.`],
    [
      "one that has not begun",
      [reads({ notBefore: inSeconds(1) })],
      `${where}, but only from 2026-11-21T12:00:01.000Z.`,
    ],
    [
      "one whose condition is not met",
      [reads({ condition: "false" })],
      `${where}, but this request does not meet its condition.`,
    ],
    [
      "one whose condition asks for what is not known",
      [reads({ condition: 'pod.namespace == "shop"' })],
      `${where}, but its condition cannot be decided for this request, which does not say which pod asks.`,
    ],
    [
      "one whose condition asks for the audience, which is not known",
      [reads({ condition: 'request.audience == "a"' })],
      `${where}, but its condition cannot be decided for this request, which does not say for which audience.`,
    ],
    [
      "one whose condition asks for a label that the pod lacks, whose name is its own",
      [reads({ condition: 'pod.labels.tier == "front"' })],
      `${where}, but its condition cannot be decided for this request: the pod lacks a label that it reads.`,
      pod,
    ],
    ["one that goes", [reads({}, { deletionTimestamp: inSeconds(-1) })], `${where} no more: it is being deleted.`],
    [
      "one of a role that does not exist",
      [reads({ roleDefinition: "raeder" })],
      "RoleAssignment payments/orders-reads gives it RoleDefinition raeder on /namespaces/payments/resources/payments-vault, but there is no such role: create it, or assign one that exists.",
    ],
    [
      "one that an earlier identity of its name was given",
      [reads({}, {}, earlier)],
      "RoleAssignment payments/orders-reads gives secrets-reader on /namespaces/payments/resources/payments-vault to an earlier identity of this name: delete it and create it again to give it to this one.",
    ],
    [
      "one that nobody has resolved yet",
      [roleAssignment(undefined, { name: "orders-reads" }, { roleDefinition: "secrets-reader" })],
      "RoleAssignment payments/orders-reads gives it secrets-reader on /namespaces/payments once the operator has resolved its principal, which it has not yet.",
    ],
  ])("%s", (_given, assignments, sentence, asking) => expect(told(assignments, { pod: asking })).toBe(sentence));

  const expired = reads({ expiresAt: inSeconds(-1) }, { name: "ended" });
  const otherAction = reads({ roleDefinition: "queue-sender" }, { name: "sends" });

  test("what would allow it, were it in force, is nearer than another scope, and that than another action", () => {
    expect(told([otherAction, onOther, expired])).toContain("no more since");
    expect(told([otherAction, onOther])).toContain("other-vault");
  });

  test("of several scopes the one nearby", () => {
    const far = reads({}, { namespace: "shop", name: "far" });
    const part = reads({ subresource: "secrets/a" }, { name: "part" });
    expect(told([far, onOther, part])).toContain("/secrets/a;");
    expect(told([far, onOther])).toContain("other-vault;");
    const secret = subresourceScope("payments", "payments-vault", "secrets/b");
    expect(told([onOther, part], { scope: secret })).toContain("/secrets/a; needs it on …/b.");
  });

  test("without an action that was asked for, a role at another scope is told of and not advised", () => {
    const question = { principal, scope: vault, explain: { within: clusterScope } };
    const miss = accessIndex([onOther], roles).nearestMiss(question, { now });
    expect(miss && missSentence(miss)).toBe(
      "It has secrets-reader on /namespaces/payments/resources/other-vault, which gives nothing on …/payments-vault.",
    );
  });

  test("no role of another principal is told of", () => {
    expect(told([reads({ principal: { managedIdentity: "billing" } }, {}, earlier)])).toBeUndefined();
  });

  test("no role outside of what the reader may know is told of", () => {
    expect(told([onOther], { within: namespaceScope("payments") })).toContain("other-vault");
    expect(told([onOther], { within: namespaceScope("shop") })).toBeUndefined();
    expect(told([onOther], { within: namespaceScope("pay") })).toBeUndefined();
  });

  test("of thousands of roles only some are looked at, and the denial stands", () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      reads({ resource: `vault-${at}`, expiresAt: inSeconds(-1) }, { name: `a${at}` }),
    );
    expect(told(many)).toBeUndefined();
  });
});
