import { describe, expect, test } from "vitest";
import type { ProtectedResource } from "../../../identity/protected-resource.ts";
import { reconcileProtectedResource } from "../../../operator/protected-resource/reconcile.ts";
import { protectedResource } from "../../identity/builders.ts";
import { conditionOf, unusable } from "../builders.ts";

const now = new Date("2026-11-21T12:00:00Z");
const vault = "https://vault.payments.svc";
const audit = "https://audit.payments.svc";
const older = protectedResource({ name: "older", creationTimestamp: "2026-11-01T00:00:00Z" }, { audiences: [vault] });
const younger = (...audiences: string[]): ProtectedResource =>
  protectedResource({ name: "younger", namespace: "shop", creationTimestamp: "2026-11-02T00:00:00Z" }, { audiences });

describe("a resource owns", () => {
  test.each([
    { what: "the audiences that nobody else names", resource: older, others: [], owned: [vault] },
    { what: "those that a younger one names too", resource: older, others: [younger(vault)], owned: [vault] },
    { what: "not those that an older one names", resource: younger(vault), others: [older], owned: [] },
    {
      what: "not those that an older one spells otherwise",
      resource: younger(`${vault}/`),
      others: [older],
      owned: [],
    },
    {
      what: "the rest, when an older one names some",
      resource: younger(vault, audit),
      others: [older],
      owned: [audit],
    },
  ])("$what", ({ resource, others, owned }) => {
    const status = reconcileProtectedResource({ resource, claimants: [resource, ...others] }, now);
    const ready = owned.length === resource.spec.audiences.length;
    expect(status.audiences).toEqual(owned);
    expect(conditionOf(status, "Ready")).toMatchObject(
      ready ? { status: "True", reason: "Ready" } : { status: "False", reason: "AudienceConflict" },
    );
  });
});

test("a conflict names the audience and its owner", () => {
  const resource = younger(vault);
  const status = reconcileProtectedResource({ resource, claimants: [resource, older] }, now);
  expect(conditionOf(status, "Ready")?.message).toContain(`${vault} (payments/older)`);
});

test("a resource that cannot be read owns nothing", () => {
  const status = reconcileProtectedResource({ resource: unusable(older), claimants: [] }, now);
  expect(status.audiences).toEqual([]);
  expect(conditionOf(status, "Ready")).toMatchObject({ status: "False", reason: "Invalid" });
});
