import { describe, expect, test } from "vitest";
import { repairCommand } from "../../../operator/uninjected/repair-command.ts";
import { workload } from "../builders.ts";

const pod = (name: string, kind = "Job", owner = "import") =>
  workload({ kind: "Pod", name, owner: { apiVersion: "batch/v1", kind, name: owner, controller: true } });

const restartOf = (job: string): string =>
  [
    `kubectl patch job/${job} -n shop -p '{"spec":{"suspend":true}}'`,
    `kubectl wait job/${job} -n shop --for=condition=Suspended`,
    `kubectl patch job/${job} -n shop -p '{"spec":{"suspend":false}}'`,
  ].join(" && ");

describe("what has pods made anew", () => {
  test.each([
    { kind: "Deployment", command: "kubectl rollout restart deployment/web -n shop" },
    { kind: "StatefulSet", command: "kubectl rollout restart statefulset/web -n shop" },
    { kind: "DaemonSet", command: "kubectl rollout restart daemonset/web -n shop" },
    { kind: "ReplicaSet", command: "kubectl delete pod web-a web-b -n shop" },
    { kind: "Job", command: restartOf("web") },
    { kind: "CronJob", command: restartOf("import") },
    { kind: "Pod", command: "kubectl get pod web -n shop -o yaml | kubectl replace --force -f -" },
  ] as const)("of a $kind", ({ kind, command }) => {
    expect(repairCommand(workload({ kind }), [pod("web-b"), pod("web-a")])).toBe(command);
  });

  test("of a CronJob with two Jobs that run", () => {
    const pods = [pod("b", "Job", "later"), pod("a", "Job", "earlier"), pod("c", "Job", "later")];
    expect(repairCommand(workload({ kind: "CronJob" }), pods)).toBe(`${restartOf("earlier")} && ${restartOf("later")}`);
  });

  test("of a pod that a controller made which nobody here knows", () => {
    const owned = pod("web", "Workflow");
    expect(repairCommand(owned, [owned])).toBe("kubectl delete pod web -n shop");
  });
});

test("a thousand pods are named ten at a time", () => {
  const pods = Array.from({ length: 1000 }, (_, at) => pod(`web-${at}`));
  expect(repairCommand(workload({ kind: "ReplicaSet" }), pods).match(/web-/g)).toHaveLength(10);
});
