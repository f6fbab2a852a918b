import { describe, expect, test } from "vitest";
import { z } from "zod";
import { customResources } from "../../identity/custom-resources.ts";
import { tableRows } from "../docs/markdown.ts";
import { chart, helm, LOCAL_IMAGES, ofKind, only, render } from "./chart.ts";

const policySchema = z.looseObject({
  apiVersion: z.literal("admissionregistration.k8s.io/v1"),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    failurePolicy: z.string(),
    matchConstraints: z.strictObject({
      resourceRules: z.array(
        z.strictObject({
          apiGroups: z.array(z.string()),
          apiVersions: z.array(z.string()),
          operations: z.array(z.string()),
          resources: z.array(z.string()),
        }),
      ),
    }),
    validations: z.array(z.looseObject({ message: z.string() })),
  }),
});
const objects = await render();
const allNames = ofKind(objects, "ValidatingAdmissionPolicy").map(({ metadata }) => metadata.name);
const isBound = (name: string): boolean => /^lanyard-((operator|process)-.*|vault-(service|secrets))$/.test(name);
const SCHEMA = "lanyard-schema";
const bounds = allNames.filter(isBound);
const deletions = ["lanyard-vault-deletion", "lanyard-vault-namespace-deletion"];
/** It warns, and refuses nothing. */
const HINTS = "lanyard-opt-in-hints";
const names = allNames.filter((name) => !isBound(name) && ![SCHEMA, HINTS, ...deletions].includes(name));

test("the guards are those of docs/reference/chart.md", () => {
  expect([...names, ...deletions].sort()).toEqual(
    tableRows("docs/reference/chart.md", "Guards")
      .map(([name]) => name)
      .sort(),
  );
});

describe("what bounds the processes", () => {
  test("is what docs/reference/chart.md says", async () => {
    const withVault = ofKind(await render({ values: { vault: { enabled: true } } }), "ValidatingAdmissionPolicy");
    expect(
      withVault
        .map(({ metadata }) => metadata.name)
        .filter(isBound)
        .sort(),
    ).toEqual(
      tableRows("docs/reference/chart.md", "Bounds of the processes")
        .map(([name]) => name)
        .sort(),
    );
  });

  test.each(bounds)("%s refuses what it cannot decide, looks at a process alone, and denies", (name) => {
    const { spec } = only(objects, "ValidatingAdmissionPolicy", name);
    const user = "request.userInfo.username in ['system:serviceaccount:lanyard-system:lanyard-";
    expect(spec).toMatchObject({
      failurePolicy: "Fail",
      matchConditions: [{ name: "by-the-process", expression: expect.stringContaining(user) }],
    });
    const { spec: binding } = only(objects, "ValidatingAdmissionPolicyBinding", name);
    expect(binding).toEqual({ policyName: name, validationActions: ["Deny"] });
  });
});

test.each(deletions)("%s is about deleting, and refuses what it cannot decide", (name) => {
  expect(only(objects, "ValidatingAdmissionPolicy", name).spec).toMatchObject({
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ operations: expect.arrayContaining(["DELETE"]) }] },
  });
});

test("the guard of the CRDs names each of them, and stays with them when the release goes", () => {
  for (const kind of ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]) {
    expect(only(objects, kind, SCHEMA).metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
  }
  const resourceNames = customResources.map(({ plural }) => `${plural}.lanyard.dev`).sort();
  expect(only(objects, "ValidatingAdmissionPolicy", SCHEMA).spec).toMatchObject({
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [{ operations: ["UPDATE"], resourceNames }] },
  });
});

describe.each(names)("%s", (name) => {
  const { spec } = policySchema.parse(only(objects, "ValidatingAdmissionPolicy", name));

  test("refuses what it cannot decide", () => expect(spec.failurePolicy).toBe("Fail"));

  test("is asked about creating and updating, in every version, and never about deleting", () => {
    const [rule, ...others] = spec.matchConstraints.resourceRules;
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ apiGroups: ["lanyard.dev"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"] });
  });

  test("is about kinds that exist", () => {
    const known = ["*/status", ...customResources.map(({ plural }) => plural)];
    for (const resource of spec.matchConstraints.resourceRules.flatMap(({ resources }) => resources)) {
      expect(known).toContain(resource);
    }
  });

  test("is bound everywhere, with no exception, and denies", () => {
    const { spec: binding } = only(objects, "ValidatingAdmissionPolicyBinding", name);
    expect(binding).toEqual({ policyName: name, validationActions: ["Deny"] });
  });
});

test("hints warn alone, and let pass what they cannot decide", () => {
  expect(only(objects, "ValidatingAdmissionPolicy", HINTS).spec).toMatchObject({ failurePolicy: "Ignore" });
  const { spec: binding } = only(objects, "ValidatingAdmissionPolicyBinding", HINTS);
  expect(binding).toEqual({ policyName: HINTS, validationActions: ["Warn"] });
});

test("the operator is known by the release's name and namespace", async () => {
  const moved = await render({ name: "id", namespace: "platform" });
  const named = ofKind(moved, "ValidatingAdmissionPolicy").filter((policy) =>
    JSON.stringify(policy).includes("'system:serviceaccount:platform:id-lanyard-operator'"),
  );
  const own = bounds.map((name) => name.replace(/^/, "id-"));
  expect(named.map(({ metadata }) => metadata.name).sort()).toEqual(
    ["id-lanyard-bind", "id-lanyard-status", "id-lanyard-system-assigned", ...own].sort(),
  );
});

test("audiences may end in the cluster's own domain, and its dots stand for dots alone", async () => {
  const own = async (values: object): Promise<string> =>
    JSON.stringify(only(await render({ values: { ...values } }), "ValidatingAdmissionPolicy", "lanyard-register"));
  expect(await own({})).toContain("[.]svc([.]cluster[.]local)?(:");
  expect(await own({ clusterDomain: "k8s.example.org" })).toContain("[.]svc([.]k8s[.]example[.]org)?(:");
});

const beta = "--api-versions=admissionregistration.k8s.io/v1beta1/ValidatingAdmissionPolicy";
const template = (...args: readonly string[]): Promise<string> =>
  helm("template", "lanyard", chart, LOCAL_IMAGES, ...args);

test.each([
  { version: "1.30.0", flags: [], api: "admissionregistration.k8s.io/v1" },
  { version: "1.30.0", flags: [beta], api: "admissionregistration.k8s.io/v1" },
  { version: "1.29.4", flags: [beta], api: "admissionregistration.k8s.io/v1beta1" },
])("on Kubernetes $version with $flags they are written in $api", async ({ version, flags, api }) => {
  const text = await template(`--kube-version=${version}`, ...flags);
  const written = [...text.matchAll(/^apiVersion: (\S+)\nkind: ValidatingAdmissionPolicy/gm)].map(([, found]) => found);
  expect(written).toEqual(Array(2 * allNames.length).fill(api));
});

test("an API server that cannot hold them is refused, unless one says to do without", async () => {
  await expect(template("--kube-version=1.29.4")).rejects.toThrow("This API server has no ValidatingAdmissionPolicies");
  const without = await template("--kube-version=1.29.4", "--set=admissionPolicies.enabled=false");
  expect(without).not.toContain("ValidatingAdmissionPolicy");
});
