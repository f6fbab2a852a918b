import { describe, expect, test } from "vitest";
import type { RoleAssignment } from "../../identity/role-assignment.ts";
import { roleAssignments } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import { writeStatus } from "../../operator/write-status.ts";
import { notReadyBecause } from "./builders.ts";
import { Cluster } from "./cluster.ts";
import { RecordingApi } from "./recording-api.ts";

const [first, second] = ["6f0c1d2e-3b4a-4c5d-8e6f-7a8b9c0d1e2f", "0b6e4f6a-90aa-4c1c-8f0b-8d2d8a3c5b11"];
const status = { principalId: first, conditions: [notReadyBecause("RoleNotFound")] };

async function withAssignment() {
  const cluster = await Cluster.withoutOperator();
  const api = new RecordingApi(cluster.api);
  const assignment = await cluster.assignment("payments/reads");
  const stored = (): Promise<RoleAssignment> => cluster.get(roleAssignments, "payments/reads");
  return { api, assignment, stored };
}

describe("a status", () => {
  test("is written", async () => {
    const { api, assignment, stored } = await withAssignment();
    await writeStatus(api, roleAssignments, assignment, status);
    expect((await stored()).status).toEqual(status);
  });

  test("is not written when it already is so", async () => {
    const { api, assignment, stored } = await withAssignment();
    await writeStatus(api, roleAssignments, assignment, status);
    await writeStatus(api, roleAssignments, await stored(), status);
    expect(api.writes).toHaveLength(1);
  });

  test("decided from an old version is refused, so that a pin is never overwritten", async () => {
    const { api, assignment, stored } = await withAssignment();
    await writeStatus(api, roleAssignments, assignment, status);
    const late = writeStatus(api, roleAssignments, assignment, { ...status, principalId: second });
    await expect(late).rejects.toSatisfy((error) => isStatus(error, "Conflict"));
    expect((await stored()).status?.principalId).toBe(first);
  });

  test("is taken over from whoever else wrote to it", async () => {
    const { api, assignment, stored } = await withAssignment();
    const { apiVersion, kind, metadata } = assignment;
    const manifest = { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } };
    const forged = { ...manifest, status: { scope: "/" } };
    await api.applyStatus(roleAssignments, forged, { fieldManager: "somebody" });
    await writeStatus(api, roleAssignments, await stored(), { ...status, scope: "/namespaces/payments" });
    expect((await stored()).status?.scope).toBe("/namespaces/payments");
  });
});
