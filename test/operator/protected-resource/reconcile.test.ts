import { describe, expect, test } from "vitest";
import type { ProtectedResource } from "../../../identity/protected-resource.ts";
import { reconcileProtectedResource } from "../../../operator/protected-resource/reconcile.ts";
import { protectedResource } from "../../identity/builders.ts";
import { conditionOf, unusable } from "../builders.ts";

const now = new Date("2026-11-21T12:00:00Z");
const [vault, audit] = ["https://vault.example.com", "https://audit.example.com"];
const older = protectedResource({ name: "older", creationTimestamp: "2026-11-01T00:00:00Z" }, { audiences: [vault] });
const younger = (...audiences: string[]): ProtectedResource =>
  protectedResource({ name: "younger", namespace: "shop", creationTimestamp: "2026-11-02T00:00:00Z" }, { audiences });
const holding = (resource: ProtectedResource, audiences = resource.spec.audiences): ProtectedResource => ({
  ...resource,
  status: { audiences },
});

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
      what: "those that it holds, when an older one names them later",
      resource: holding(younger(vault)),
      others: [older],
      owned: [vault],
    },
    { what: "not those that a younger one holds", resource: older, others: [holding(younger(`${vault}/`))], owned: [] },
    {
      what: "those that a younger one held, and no longer names",
      resource: older,
      others: [holding(younger(audit), [vault])],
      owned: [vault],
    },
    {
      what: "those of its namespace's Services, whoever holds them",
      resource: younger("https://api.shop.svc"),
      others: [holding({ ...older, spec: { ...older.spec, audiences: ["https://api.shop.svc"] } })],
      owned: ["https://api.shop.svc"],
    },
    {
      what: "no Service of another namespace, also when nobody else names it",
      resource: younger("HTTPS://API.payments.svc.cluster.local.:8443/v1"),
      others: [],
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

test("a conflict over another namespace's Service names the namespace", () => {
  const resource = younger("https://api.payments.svc");
  const status = reconcileProtectedResource({ resource, claimants: [resource] }, now);
  expect(conditionOf(status, "Ready")?.message).toContain("https://api.payments.svc (a Service of namespace payments)");
});

test("a resource that cannot be read keeps what it owns", () => {
  const broken = unusable(older);
  const resource = { ...broken, metadata: older.metadata, audiences: [vault], status: { audiences: [vault] } };
  const status = reconcileProtectedResource({ resource, claimants: [] }, now);
  expect(status.audiences).toEqual([vault]);
  expect(conditionOf(status, "Ready")).toMatchObject({ status: "False", reason: "Invalid" });
});
