import { expect, test } from "vitest";
import type { TestCluster } from "../test-cluster.ts";
import { assignCases } from "./assign-cases.ts";
import { attempt } from "./attempt.ts";
import { bindCases } from "./bind-cases.ts";
import type { Expected, GuardCase } from "./guard-case.ts";
import { inputCases } from "./input-cases.ts";
import { registerCases } from "./register-cases.ts";
import { revocationCases } from "./revocation-cases.ts";
import { shareCases } from "./share-cases.ts";
import { statusCases } from "./status-cases.ts";
import { systemAssignedCases } from "./system-assigned-cases.ts";
import { vaultDeletionCases } from "./vault-deletion-cases.ts";

const tables = [
  ...[assignCases, bindCases, registerCases, shareCases, systemAssignedCases, statusCases],
  ...[revocationCases, inputCases, vaultDeletionCases],
];

/** Who may write what, and who may not: the same whether Lanyard runs or not. */
const guardTable = tables.flat().map((row) => [`${row.who} ${row.does}: ${row.expected.kind}`, row] as const);

/** Of each table the first that is taken, and the first that is refused: all of them are so once the API server knows the guards. */
export const firstCases: readonly GuardCase[] = tables.flatMap((rows) =>
  (["taken", "refused"] as const).flatMap((kind) => rows.filter(({ expected }) => expected.kind === kind).slice(0, 1)),
);

export function testGuardTable(cluster: () => TestCluster): void {
  test.concurrent.each(guardTable)("%s", (_title, row) => expectOutcome(cluster(), row));
}

export async function expectOutcome(cluster: TestCluster, row: GuardCase): Promise<void> {
  expect(await attempt(cluster, row)).toEqual(asWritten(row.expected));
}

function asWritten(expected: Expected): object {
  if (expected.kind === "refused") return { kind: "refused", message: expect.stringContaining(expected.because) };
  const { lost } = expected;
  return { kind: "taken", object: lost === undefined ? expect.any(String) : expect.not.stringContaining(lost) };
}
