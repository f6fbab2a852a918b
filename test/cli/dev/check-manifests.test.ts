import { describe, expect, test } from "vitest";
import { type CheckedManifests, checkManifests } from "../../../cli/dev/check-manifests.ts";
import { formatProblem } from "../../../cli/dev/format-problem.ts";
import { parseManifestFile } from "../../../cli/dev/manifest-file.ts";

const check = (text: string): CheckedManifests => checkManifests(parseManifestFile("a.yaml", text).manifests);
const problemsOf = (text: string): string[] => check(text).problems.map(formatProblem);

const object = (apiVersion: string, kind: string, rest = ""): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\n${rest}`;

describe("a problem names the place and what was expected", () => {
  test.each([
    [object("lanyard.dev/v1alpha1", "ManagdIdentity"), /^a\.yaml:2:1: kind: .*Did you mean "ManagedIdentity"\?/],
    [object("lanyard.dev/v1", "ManagedIdentity"), /^a\.yaml:1:1: apiVersion: expected lanyard\.dev\/v1alpha1, got/],
    [
      object("lanyrd.dev/v1alpha1", "ManagedIdentity"),
      /^a\.yaml:1:1: apiVersion: expected lanyard\.dev\/v1alpha1, got/,
    ],
    [object("v1", "ServiceAcount"), /Did you mean "ServiceAccount"\?$/],
    [object("v1", "Deployment"), /^a\.yaml:1:1: apiVersion: expected apps\/v1 for a Deployment, got v1/],
    [object("extensions/v1beta1", "Deployment"), /expected apps\/v1 for a Deployment/],
    [
      object("lanyard.dev/v1alpha1", "ManagedIdentity", "spec:\n  subjcts: []\n"),
      /^a\.yaml:6:3: spec\.subjcts: unknown field\. Did you mean "subjects"\?/,
    ],
    [
      object("lanyard.dev/v1alpha1", "ManagedIdentity", "spec:\n  type: SystemAssigned\n"),
      /^a\.yaml:6:3: spec\.type: only the operator makes/,
    ],
    [
      object(
        "lanyard.dev/v1alpha1",
        "RoleAssignment",
        "spec:\n  principal: {managedIdentity: a}\n  roleDefinition: reader\n  condition: |-\n    true &&\n    pod.team == 'a'\n",
      ),
      /^a\.yaml:8:3: spec\.condition: line 2, column 1: "pod\.team" is not known here; what can be read: request\./,
    ],
    [object("lanyard.dev/v1alpha1", "RoleAssignment"), /^a\.yaml:1:1: spec: is required/],
    [
      object("apps/v1", "Deployment", "  annotations:\n    a: true\n"),
      /^a\.yaml:6:5: metadata\.annotations\.a: expected a string, got a boolean: put it in quotes/,
    ],
    [
      object("apps/v1", "Deployment", "  labels: {a: 1}\n"),
      /metadata\.labels\.a: expected a string, got a number: put it in quotes/,
    ],
    [
      object("apps/v1", "Deployment", "  anotations: {}\n"),
      /^a\.yaml:5:3: metadata\.anotations: unknown field\. Did you mean "annotations"\?/,
    ],
    [object("apps/v1", "Deployment", "spec: hello\n"), /^a\.yaml:5:1: spec: expected an object, got a string/],
    [
      object("apps/v1", "Deployment", "spec: {template: {metadata: {annotations: {a: true}}}}\n"),
      /annotations\.a: expected a string/,
    ],
    [object("batch/v1", "CronJob", "spec: {jobTemplate: 4}\n"), /spec\.jobTemplate: expected an object/],
    [object("v1", "Pod"), /spec: is required/],
    [object("v1", "ServiceAccount", "  finalizers: x\n"), /metadata\.finalizers: expected a list/],
    ["apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: Web}\n", /^a\.yaml:3:12: metadata\.name: .*got "Web"/],
    [
      "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: Shop}\n",
      /metadata\.namespace: .*got "Shop"/,
    ],
    ["apiVersion: v1\nkind: Namespace\nmetadata: {name: a.b}\n", /metadata\.name: expected a namespace name/],
  ])("%j", (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});

describe("what is left out", () => {
  test.each([
    ["v1", "Service"],
    ["v1", "Node"],
    ["v1", "Secret"],
    ["batch.volcano.sh/v1alpha1", "Job"],
    ["serving.knative.dev/v1", "Service"],
    ["rbac.authorization.k8s.io/v1", "Role"],
  ])("%s %s", (apiVersion, kind) => {
    expect(check(object(apiVersion, kind))).toMatchObject({ problems: [], ignored: [`${apiVersion} ${kind} web`] });
  });
});

test("an object without a namespace is in the default one, unless its kind is in none", () => {
  const namespaceOf = (text: string): unknown => check(text).accepted[0]?.manifest.metadata.namespace;
  expect(namespaceOf(object("v1", "ServiceAccount"))).toBe("default");
  expect(namespaceOf(object("v1", "Namespace"))).toBeUndefined();
});

test("what another cluster added is dropped", () => {
  const exported = "  uid: 1\n  resourceVersion: '5'\n  creationTimestamp: null\n  labels: {a: b}\nstatus: {}\n";
  expect(check(object("v1", "ServiceAccount", exported)).accepted[0]?.manifest).toEqual({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "web", namespace: "default", labels: { a: "b" } },
  });
});

test("the second of two objects of one name is told where the first is", () => {
  const twice = `${object("v1", "Namespace")}---\n${object("v1", "Namespace")}`;
  expect(problemsOf(twice)).toEqual(["a.yaml:9:3: metadata.name: v1 Namespace web is already defined at a.yaml:4"]);
});

test("a misspelt annotation is a warning", () => {
  const { warnings, accepted } = check(
    object("apps/v1", "Deployment", '  annotations:\n    lanyard.dev/system-asigned: "true"\n'),
  );
  expect(accepted).toHaveLength(1);
  expect(warnings).toEqual([expect.stringMatching(/^a\.yaml:6:5: .*Did you mean "lanyard\.dev\/system-assigned"\?/)]);
});

const annotated = (value: string): string => `metadata: {annotations: {lanyard.dev/secret-files: "${value}"}}`;
const deployment = (value: string) => object("apps/v1", "Deployment", `spec: {template: {${annotated(value)}}}\n`);

describe("secret files that a pod asks for and that cannot be read are a problem", () => {
  test.each([
    ["of a Deployment's pods", deployment("a../b=vault/db"), "spec.template.metadata"],
    [
      "of a CronJob's pods",
      object("batch/v1", "CronJob", `spec: {jobTemplate: {spec: {template: {${annotated("x")}}}}}\n`),
      "spec.jobTemplate.spec.template.metadata",
    ],
    [
      "of a Pod",
      object("v1", "Pod", '  annotations: {lanyard.dev/secret-files: "a=b/c, a=b/d"}\nspec: {}\n'),
      "metadata",
    ],
  ])("%s", (_named, text, path) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(`: ${path}.annotations`)]);
    expect(problemsOf(text)[0]).toMatch(/^a\.yaml:\d+:\d+: .*secret-files.*entry \d, /);
  });

  test("but not where they are read, or where no pod has them", () => {
    expect(problemsOf(deployment("db=vault/db"))).toEqual([]);
    const elsewhere = object("apps/v1", "Deployment", '  annotations: {lanyard.dev/secret-files: "x"}\n');
    expect(problemsOf(elsewhere)).toEqual([]);
    expect(check(elsewhere).warnings).toHaveLength(1);
  });
});

test("a misspelt annotation of a template is a warning", () => {
  const spec = "spec: {template: {metadata: {annotations: {lanyard.dev/prot: '1'}}}}\n";
  const { warnings } = check(object("apps/v1", "Deployment", spec));
  expect(warnings).toEqual([expect.stringMatching(/^a\.yaml:5:\d+: spec\.template.*unknown annotation/)]);
});
