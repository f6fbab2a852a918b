import { describe, expect, test } from "vitest";
import { z } from "zod";
import { tableRows } from "../docs/markdown.ts";
import { programNamed } from "../support/program.ts";
import { ofKind, only, type Rendered, render } from "./chart.ts";
import { deploymentSpec } from "./pods.ts";

const enabled = { vault: { enabled: true } };
const [without, objects] = await Promise.all([render(), render({ values: enabled })]);

const textOf = ({ kind, metadata }: Rendered): string => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
const rulesSchema = z.looseObject({
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).default([]),
      verbs: z.array(z.string()),
    }),
  ),
});

/** The rules of a role: where, API group, resources, names, verbs. */
function rights(role: Rendered): string[][] {
  const { namespace = "everywhere" } = role.metadata;
  return rulesSchema
    .parse(role)
    .rules.map(({ apiGroups, resources, resourceNames, verbs }) => [
      namespace,
      ...[apiGroups, resources, resourceNames, verbs].map((words) => words.join(" ")),
    ]);
}

const rolesOf = (rendered: readonly Rendered[], process: string): string[][] =>
  [...ofKind(rendered, "ClusterRole"), ...ofKind(rendered, "Role")]
    .filter(({ metadata }) => metadata.name === `lanyard-${process}`)
    .flatMap(rights);

/** They keep secrets also while no vault is served. */
const deletionGuards = ["lanyard-vault-deletion", "lanyard-vault-namespace-deletion"];

test("by default there is nothing of the vault but the guards of what it kept, and no process knows of it", () => {
  const ofVault = without.filter((object) => textOf(object).includes("vault"));
  expect(ofVault.filter(({ metadata }) => !deletionGuards.includes(metadata.name))).toEqual([]);
  expect(ofVault).toHaveLength(4);
  const args = ofKind(without, "Deployment").flatMap(
    (object) => deploymentSpec(object).template.spec.containers[0]?.args,
  );
  // Where vaults were served before, their secrets are still there.
  expect(args.filter((arg) => arg?.includes("vault"))).toEqual(["--vault-namespace=lanyard-vault"]);
  expect(rolesOf(without, "operator").filter(([, , resources]) => resources === "services")).toEqual([]);
});

test("vault.domain is told to the vault and to the operator, once vaults are served", async () => {
  const argsWith = async (vault: object): Promise<(string | undefined)[]> =>
    ofKind(await render({ values: { vault: { domain: "vault.example.com", ...vault } } }), "Deployment").flatMap(
      (object) => deploymentSpec(object).template.spec.containers[0]?.args?.filter((arg) => arg.includes("domain=v")),
    );
  expect(await argsWith({ enabled: true })).toEqual([
    "--vault-domain=vault.example.com",
    "--vault-domain=vault.example.com",
  ]);
  expect(await argsWith({ enabled: false })).toEqual([]);
  for (const domain of ["vault", "Vault.example.com", "vault.example.com.", "10.0.0.1"]) {
    await expect(argsWith({ enabled: true, domain })).rejects.toThrow("vault/domain");
  }
});

describe("with vault.enabled", () => {
  test("there is what each process has, a namespace for the secrets, and a guard", () => {
    const known = new Set(without.map(textOf));
    expect(
      objects
        .map(textOf)
        .filter((text) => !known.has(text))
        .sort(),
    ).toEqual(
      [
        ...[
          "ClusterRole /lanyard-vault",
          "ClusterRoleBinding /lanyard-vault",
          "Deployment lanyard-system/lanyard-vault",
        ],
        ...["Namespace /lanyard-vault", "NetworkPolicy lanyard-system/lanyard-vault"],
        ...["PodDisruptionBudget lanyard-system/lanyard-vault", "Role lanyard-system/lanyard-vault"],
        ...["Role lanyard-vault/lanyard-vault", "RoleBinding lanyard-system/lanyard-vault"],
        ...["RoleBinding lanyard-vault/lanyard-vault", "Service lanyard-system/lanyard-vault"],
        ...["ServiceAccount lanyard-system/lanyard-vault", "ValidatingAdmissionPolicy /lanyard-vault-service"],
        "ValidatingAdmissionPolicy /lanyard-vault-secrets",
        "ValidatingAdmissionPolicyBinding /lanyard-vault-service",
        "ValidatingAdmissionPolicyBinding /lanyard-vault-secrets",
      ].sort(),
    );
  });

  test("the vault has the rights that docs/reference/chart.md says, and the operator those besides", () => {
    const before = new Set(rolesOf(without, "operator").map(String));
    const added = rolesOf(objects, "operator").filter((cells) => !before.has(String(cells)));
    const granted = [
      ...rolesOf(objects, "vault").map((cells) => ["vault", ...cells]),
      ...added.map((cells) => ["operator", ...cells]),
    ];
    expect(granted.sort()).toEqual(tableRows("docs/reference/chart.md", "Rights for vaults").sort());
  });

  test("the vault reads no Secret of the release's but its certificates", () => {
    const secrets = rolesOf(objects, "vault").filter(([, , resources]) => resources === "secrets");
    expect(secrets.map(([where, , , names]) => [where, names]).sort()).toEqual([
      ["lanyard-system", "lanyard-vault-serving lanyard-vault-certificates"],
      ["lanyard-vault", ""],
    ]);
  });

  test("no secret is kept where the signing keys are", async () => {
    const values = { vault: { enabled: true, namespace: { name: "lanyard-system" } } };
    await expect(render({ values })).rejects.toThrow("vault.namespace.name");
  });

  test("the namespace stays when the release goes, and is not made where it is there", async () => {
    const [namespace] = ofKind(objects, "Namespace");
    expect(namespace?.metadata.annotations).toEqual({ "helm.sh/resource-policy": "keep" });
    const given = await render({ values: { vault: { enabled: true, namespace: { create: false } } } });
    expect(ofKind(given, "Namespace")).toEqual([]);
  });

  test("its pods are as restricted as the others, with a token for the issuer besides", () => {
    const podOf = (process: string) => deploymentSpec(only(objects, "Deployment", `lanyard-${process}`)).template.spec;
    const [vault, issuer] = [podOf("vault"), podOf("issuer")];
    expect(vault.securityContext).toEqual(issuer.securityContext);
    expect(vault.containers[0]?.securityContext).toEqual(issuer.containers[0]?.securityContext);
    expect(vault.volumes).toMatchObject([
      { projected: { sources: [{ serviceAccountToken: { audience: "lanyard.dev/issuer" } }] } },
    ]);
    expect(issuer.volumes).toBeUndefined();
  });

  test.each(["vault", "operator"])("the %s is called as its command takes it", (process) => {
    const [name, ...args] =
      deploymentSpec(only(objects, "Deployment", `lanyard-${process}`)).template.spec.containers[0]?.args ?? [];
    const command = programNamed().commands.find((known) => known.name() === name);
    const known = command?.options.map(({ long }) => long) ?? [];
    expect(args.map((arg) => arg.replace(/=.*$/, "")).filter((flag) => !known.includes(flag))).toEqual([]);
  });

  test("cert-manager makes its certificate too, for the names that the values have", async () => {
    const certManager = { enabled: true, vaultDnsNames: ["payments-vault.payments.svc"] };
    const made = await render({ values: { ...enabled, certificates: { certManager } } });
    expect(only(made, "Certificate", "lanyard-vault-serving")).toMatchObject({
      spec: {
        secretName: "lanyard-vault-serving",
        dnsNames: expect.arrayContaining(["lanyard-vault.lanyard-system.svc", "payments-vault.payments.svc"]),
      },
    });
  });
});
