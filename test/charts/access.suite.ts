import { describe, expect, test } from "vitest";
import { z } from "zod";
import { builtInRoleDefinitions } from "../../identity/built-in-roles.ts";
import { tableRows } from "../docs/markdown.ts";
import { ofKind, only, type Rendered, render } from "./chart.ts";

const names = z.array(z.string());
const roleSchema = z.looseObject({
  rules: z.array(
    z.strictObject({ apiGroups: names, resources: names, resourceNames: names.default([]), verbs: names }),
  ),
});
const bindingSchema = z.looseObject({
  roleRef: z.object({ apiGroup: z.string(), kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string() })),
});

/** The rules of a role as the page writes them: process, where, API group, resources, names, verbs. */
function rights(role: Rendered): string[][] {
  const process = role.metadata.name.replace(/^.*-/, "");
  const where = role.kind === "ClusterRole" ? "everywhere" : "own namespace";
  return roleSchema
    .parse(role)
    .rules.map(({ apiGroups, resources, resourceNames, verbs }) => [
      ...[process, where, apiGroups.join(" ")],
      ...[resources.join(" "), resourceNames.join(" "), verbs.join(" ")],
    ]);
}

const objects = await render();
const isForPeople = ({ metadata }: Rendered): boolean =>
  Object.keys(metadata.labels).some((label) => label.startsWith("rbac.authorization.k8s.io/aggregate-to-"));
const clusterRoles = ofKind(objects, "ClusterRole");
const granted = [...clusterRoles.filter((role) => !isForPeople(role)), ...ofKind(objects, "Role")].flatMap(rights);
const people = clusterRoles.filter(isForPeople);

test("the roles are exactly what docs/reference/chart.md says", () => {
  expect(granted.sort()).toEqual(tableRows("docs/reference/chart.md", "Rights").sort());
});

test("what Kubernetes' own ClusterRoles get is exactly what docs/reference/chart.md says", () => {
  const rows = people.flatMap(rights).map(([role, , ...cells]) => [role, ...cells]);
  expect(rows.sort()).toEqual(tableRows("docs/reference/chart.md", "Rights of people").sort());
});

test("each of them is added to the one that its name says, and turned off by aggregatedRoles.enabled", async () => {
  const added = "rbac.authorization.k8s.io/aggregate-to-";
  for (const { metadata } of people) {
    expect(metadata.labels).toHaveProperty([added + metadata.name.replace("lanyard-aggregate-to-", "")], "true");
  }
  const without = await render({ values: { aggregatedRoles: { enabled: false } } });
  expect(ofKind(without, "ClusterRole").filter(isForPeople)).toEqual([]);
});

/** Whoever has one of these could give himself more, in his namespace or outside of it. */
const privileged = ["owner", "contributor", "kubernetes-view", "kubernetes-edit"];

test("admin assigns every built-in role but the privileged ones, and no role at all when the list is empty", async () => {
  const assignable = async (values?: Readonly<Record<string, unknown>>): Promise<unknown[]> =>
    ofKind(await render({ ...(values && { values }) }), "ClusterRole")
      .filter(isForPeople)
      .flatMap(rights)
      .filter((cells) => cells.at(-1) === "assign")
      .map((cells) => cells.at(-2));
  const ordinary = builtInRoleDefinitions.map(({ metadata }) => metadata.name).filter((n) => !privileged.includes(n));
  expect((await assignable()).map((named) => String(named).split(" ").sort())).toEqual([ordinary.sort()]);
  expect(await assignable({ aggregatedRoles: { assignable: [] } })).toEqual([]);
});

describe("whatever the page says", () => {
  const words = granted.map(([process, where, group, resources, named, verbs]) => ({
    ...{ process, where, group, named },
    ...{ resources: resources?.split(" ") ?? [], verbs: verbs?.split(" ") ?? [] },
  }));

  test("no right is to everything", () => {
    expect(granted.flat().filter((cell) => cell.includes("*"))).toEqual([]);
  });

  test("no process may act as another, or give itself more", () => {
    const forbidden = ["impersonate", "escalate", "deletecollection"];
    expect(words.filter(({ verbs }) => verbs.some((verb) => forbidden.includes(verb)))).toEqual([]);
  });

  test.each([
    { kubernetesRoles: undefined, bound: ["view"] },
    { kubernetesRoles: ["view", "edit"], bound: ["view edit"] },
    { kubernetesRoles: ["auditor"], bound: ["auditor"] },
    { kubernetesRoles: [], bound: [] },
  ])("with kubernetesRoles $kubernetesRoles these are all that may be bound", async ({ kubernetesRoles, bound }) => {
    const roles = ofKind(await render({ values: { operator: { kubernetesRoles } } }), "ClusterRole").flatMap(rights);
    expect(roles.filter((cells) => cells.at(-1) === "bind").map((cells) => cells.at(-2))).toEqual(bound);
  });

  test("no process may touch a pod, but for its status", () => {
    const toPods = words.filter(({ resources, verbs }) => resources.includes("pods") && !verbs.includes("get"));
    expect(toPods).toEqual([]);
  });

  test("Secrets are read by name, in the namespace of the release", () => {
    const reading = words.filter(({ resources, verbs }) => resources.includes("secrets") && verbs.join() !== "create");
    expect(reading.map(({ process, where, named }) => [process, where, named])).toEqual([
      ["issuer", "own namespace", "lanyard-signing-keys lanyard-issuer-serving"],
      ["operator", "own namespace", "lanyard-ca lanyard-webhook-serving lanyard-issuer-serving"],
      ["webhook", "own namespace", "lanyard-webhook-serving"],
    ]);
  });

  test("beside cert-manager the operator makes and reads no CA, and writes no certificate", async () => {
    const values = { certificates: { certManager: { enabled: true } } };
    const roles = ofKind(await render({ values }), "Role").flatMap(rights);
    const toSecrets = roles.filter(([process, , , resources]) => process === "operator" && resources === "secrets");
    expect(toSecrets.map((cells) => cells.slice(-2))).toEqual([
      ["", "create"],
      ["lanyard-webhook-serving lanyard-issuer-serving", "get list watch"],
    ]);
    const configurations = ofKind(await render({ values }), "ClusterRole")
      .flatMap(rights)
      .filter(([process]) => process === "operator")
      .flat()
      .join();
    expect(configurations).not.toContain("webhookconfigurations");
  });

  test("the webhook writes nothing, and the issuer nothing but Events and questions about tokens", () => {
    const writing = words.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
    const written = writing.filter(({ process }) => process !== "operator");
    expect(written.map(({ process, resources }) => `${process} ${resources.join()}`).sort()).toEqual([
      "issuer events",
      "issuer tokenreviews",
    ]);
  });
});

test.each(["operator", "webhook", "issuer"])("the roles of the %s are its own account's alone", (process) => {
  const name = `lanyard-${process}`;
  const account = { kind: "ServiceAccount", name, namespace: "lanyard-system" };
  for (const [binding, role] of [
    ["ClusterRoleBinding", "ClusterRole"],
    ["RoleBinding", "Role"],
  ] as const) {
    const { roleRef, subjects } = bindingSchema.parse(only(objects, binding, name));
    expect({ roleRef, subjects }).toEqual({
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: role, name },
      subjects: [account],
    });
  }
});

test("beside its own role, only the issuer has one: the cluster's, for the keys of ServiceAccount tokens", () => {
  const others = ofKind(objects, "ClusterRoleBinding").map((binding) => bindingSchema.parse(binding));
  const foreign = others.filter(({ roleRef }) => !roleRef.name.startsWith("lanyard-"));
  expect(foreign.map(({ roleRef, subjects }) => [roleRef.name, subjects.map(({ name }) => name)])).toEqual([
    ["system:service-account-issuer-discovery", ["lanyard-issuer"]],
  ]);
});

test("an account's token is mounted only where the pod says so", () => {
  const accounts = ofKind(objects, "ServiceAccount");
  expect(accounts.map(({ automountServiceAccountToken }) => automountServiceAccountToken)).toEqual([
    false,
    false,
    false,
  ]);
});
