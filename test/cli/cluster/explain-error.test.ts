import { describe, expect, test } from "vitest";
import { explainClusterError } from "../../../cli/cluster/explain-error.ts";
import { kubeconfigProblem } from "../../../cli/cluster/kubeconfig-problem.ts";
import { type ApiRequest, RequestError } from "../../../cli/cluster/request-error.ts";
import { pods, roleAssignments, roleDefinitions } from "../../../kube/kinds.ts";
import { StatusError, type StatusReason } from "../../../kube/status-error.ts";

const refused = (reason: StatusReason, request: ApiRequest): RequestError =>
  new RequestError(new StatusError(reason, "what the server said"), request);

describe("what the API server refuses is explained", () => {
  test.each<{ what: string; error: StatusError; says: readonly string[] }>([
    {
      what: "a right in a namespace",
      error: refused("Forbidden", { verb: "list", kind: roleAssignments, namespace: "payments" }),
      says: [
        "You may not list roleassignments.lanyard.dev in namespace payments.",
        "a Role in payments",
        'verbs: ["get", "list"]',
      ],
    },
    {
      what: "a right in all namespaces",
      error: refused("Forbidden", { verb: "list", kind: pods }),
      says: ["You may not list pods in all namespaces.", "a ClusterRole", 'apiGroups: [""]'],
    },
    {
      what: "a right on what has no namespace",
      error: refused("Forbidden", { verb: "get", kind: roleDefinitions, name: "reader" }),
      says: ["You may not get roledefinitions.lanyard.dev.", "a ClusterRole"],
    },
    {
      what: "that Lanyard is not installed",
      error: refused("NotFound", { verb: "list", kind: roleAssignments }),
      says: ["This cluster does not know roleassignments.lanyard.dev", "docs/how-to/install.md"],
    },
    {
      what: "that nobody answers",
      error: new StatusError("ServiceUnavailable", "The API server at a:1 did not answer: it took too long"),
      says: ["it took too long", "Start the cluster, or choose another"],
    },
    {
      what: "that nobody is known",
      error: new StatusError("Unauthorized", "no"),
      says: ["does not know who you are: no"],
    },
    { what: "that it is busy", error: new StatusError("TooManyRequests", "slow"), says: ["Try again in a moment"] },
    { what: "anything else", error: new StatusError("Conflict", "why"), says: ["The API server refused: why"] },
  ])("$what", ({ error, says }) => {
    for (const part of says) expect(explainClusterError(error)).toContain(part);
  });

  test("a mistake of our own is not", () => expect(explainClusterError(new TypeError("undefined"))).toBeUndefined());
});

describe("a cluster that nobody named", () => {
  const home = { HOME: "/home/somebody" };
  const says = (options: object, environment: object, there = false) =>
    kubeconfigProblem(options, { ...home, ...environment }, () => there);

  test("is said", () => expect(says({}, {})).toContain("there is no ~/.kube/config"));
  test.each([
    { named: "by an option", options: { kubeconfig: "here" }, environment: {}, there: false },
    { named: "by KUBECONFIG", options: {}, environment: { KUBECONFIG: "here" }, there: false },
    { named: "by the file at home", options: {}, environment: {}, there: true },
    { named: "by running in it", options: {}, environment: { KUBERNETES_SERVICE_HOST: "10.96.0.1" }, there: false },
  ])("is not said of one $named", ({ options, environment, there }) =>
    expect(says(options, environment, there)).toBeUndefined(),
  );
});
