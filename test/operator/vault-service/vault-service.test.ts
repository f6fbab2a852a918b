import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { installation } from "../../../identity/names.ts";
import { type Secret, secrets, services } from "../../../kube/cluster-kinds.ts";
import { readKeyPair } from "../../../kube/key-pair.ts";
import { namespaces, protectedResources } from "../../../kube/kinds.ts";
import { secretText } from "../../../kube/secret-data.ts";
import { conditionOf } from "../builders.ts";
import { Cluster, INSTALLED_IN, kindsOfInstallation } from "../cluster.ts";

const VAULT = "payments/vault";
const TARGET = "lanyard-vault.lanyard-system.svc.cluster.local";

async function withVaults(...names: readonly string[]): Promise<Cluster> {
  const it = await Cluster.withVaults("lanyard-vault");
  await it.apply(namespaces, "payments");
  for (const name of names) await makeVault(it, name);
  await it.converge();
  return it;
}

const audiencesOf = (name: string): readonly string[] => [`https://${name.replace("/", ".")}`];

function makeVault(it: Cluster, name: string, vault: object | undefined = {}) {
  const spec = { audiences: audiencesOf(name), ...(vault === undefined ? {} : { vault }) };
  return it.apply(protectedResources, name, { spec });
}

async function served(it: Cluster, name = VAULT): Promise<unknown> {
  const condition = conditionOf((await it.get(protectedResources, name)).status, "VaultServed");
  return condition && [condition.status, condition.reason];
}

const servicesOf = async (it: Cluster): Promise<unknown[]> =>
  (await it.all(services)).map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec?.externalName]);

const serviceOf = (spec: object, metadata: object = {}) => [services, VAULT, { spec }, metadata] as const;
const theirs = { type: "ClusterIP" };

describe("a vault's Service", () => {
  test("has its name, leads to those who serve vaults, belongs to it, and the vault says so", async () => {
    const it = await withVaults(VAULT);
    expect(await servicesOf(it)).toEqual([["payments", "vault", TARGET]]);
    const { uid } = (await it.get(protectedResources, VAULT)).metadata;
    expect((await it.get(services, VAULT)).metadata.ownerReferences).toMatchObject([{ uid }]);
    expect(await served(it)).toEqual(["True", "VaultServed"]);
  });

  test("the other conditions of the resource stay", async () => {
    const it = await withVaults(VAULT);
    expect(conditionOf((await it.get(protectedResources, VAULT)).status, "Ready")?.status).toBe("True");
  });

  test("what is no vault has none, and no condition", async () => {
    const it = await withVaults();
    await it.apply(protectedResources, VAULT, { spec: { audiences: audiencesOf(VAULT) } });
    await it.converge();
    expect([await servicesOf(it), await served(it)]).toEqual([[], undefined]);
  });

  test("is made again when somebody deletes it, and mended when somebody edits it", async () => {
    const it = await withVaults(VAULT);
    await it.delete(services, VAULT);
    await it.converge();
    await it.apply(...serviceOf({ type: "ExternalName", externalName: "evil.example" }));
    await it.converge();
    expect(await servicesOf(it)).toEqual([["payments", "vault", TARGET]]);
  });

  test("goes when the resource is a vault no more, and when it goes itself", async () => {
    const it = await withVaults(VAULT, "payments/other");
    await it.apply(protectedResources, VAULT, { spec: { audiences: audiencesOf(VAULT) } });
    await it.delete(protectedResources, "payments/other");
    await it.converge();
    expect([await servicesOf(it), await served(it)]).toEqual([[], undefined]);
  });

  test.each([
    ["of another type", theirs, {}],
    ["of the type of ours", { type: "ExternalName", externalName: "db.example" }, {}],
    ["that has our label", theirs, { labels: { "app.kubernetes.io/managed-by": "lanyard" } }],
  ])("a Service %s that somebody made is left alone, and the vault says so", async (_what, spec, metadata) => {
    const it = await withVaults();
    await it.apply(...serviceOf(spec, metadata));
    await makeVault(it, VAULT);
    await it.converge();
    expect((await it.get(services, VAULT)).spec).toEqual(spec);
    expect(await served(it)).toEqual(["False", "ServiceNameTaken"]);
    await it.delete(services, VAULT);
    await it.converge();
    expect(await served(it)).toEqual(["True", "VaultServed"]);
  });

  test("nor is one written over that somebody makes at the same moment", async () => {
    const it = await withVaults(VAULT);
    await it.stopOperator();
    await it.apply(...serviceOf({ type: "ExternalName", externalName: "old.example" }));
    const manifest = { apiVersion: "v1", kind: "Service", metadata: { namespace: "payments", name: "vault" } };
    let isFirst = true;
    await it.startOperator((write) => {
      if (!write.startsWith("apply Service") || !isFirst) return undefined;
      isFirst = false;
      void it.api.delete(services, manifest.metadata);
      void it.api.create(services, { ...manifest, spec: theirs });
      return undefined;
    });
    await it.converge();
    expect([isFirst, (await it.get(services, VAULT)).spec]).toEqual([false, theirs]);
    expect(await served(it)).toEqual(["False", "ServiceNameTaken"]);
  });

  test("nor is one deleted with a resource that was a vault", async () => {
    const it = await withVaults();
    await it.apply(...serviceOf(theirs));
    await makeVault(it, VAULT);
    await it.delete(protectedResources, VAULT);
    await it.converge();
    expect((await it.get(services, VAULT)).spec).toEqual(theirs);
  });

  test.each([
    ["a name that no Service can have", "payments/1.vault"],
    ["a namespace of the cluster's own", "kube-system/vault"],
    ["the namespace of the installation", `${INSTALLED_IN}/vault`],
    ["the name of the Kubernetes API", "default/kubernetes"],
  ])("%s: none, and the vault says why", async (_what, name) => {
    const it = await withVaults(name);
    expect([await servicesOf(it), await served(it, name)]).toEqual([[], ["False", "VaultNameUnusable"]]);
  });

  test("the twenty-first of a namespace has none and says so, until another goes; other namespaces have theirs", async () => {
    const it = await withVaults();
    for (let at = 1; at <= 21; at += 1) {
      await it.clock.advance(1000);
      await makeVault(it, `payments/vault-${at}`);
    }
    await makeVault(it, "shop/vault");
    await it.converge();
    const last = "payments/vault-21";
    const isThere = async () => (await servicesOf(it)).length;
    expect([await isThere(), await served(it, last)]).toEqual([21, ["False", "VaultLimitReached"]]);
    expect(await served(it, "shop/vault")).toEqual(["True", "VaultServed"]);
    await it.delete(protectedResources, "payments/vault-1");
    await it.converge();
    expect([await isThere(), await served(it, last)]).toEqual([21, ["True", "VaultServed"]]);
  });

  test("one that is newer than the share of its namespace loses its own when an older resource becomes a vault", async () => {
    const it = await withVaults();
    await it.apply(protectedResources, VAULT, { spec: { audiences: audiencesOf(VAULT) } });
    for (let at = 1; at <= 20; at += 1) {
      await it.clock.advance(1000);
      await makeVault(it, `payments/vault-${at}`);
    }
    await it.converge();
    expect(await served(it, "payments/vault-20")).toEqual(["True", "VaultServed"]);
    await makeVault(it, VAULT);
    await it.converge();
    expect(await served(it, "payments/vault-20")).toEqual(["False", "VaultLimitReached"]);
    expect(await servicesOf(it)).not.toContainEqual(["payments", "vault-20", TARGET]);
  });

  test("where no vaults are served there is none, and each vault says so", async () => {
    const it = await Cluster.withOperator(kindsOfInstallation);
    await makeVault(it, VAULT);
    await it.converge();
    expect([await servicesOf(it), await served(it)]).toEqual([[], ["False", "VaultNotInstalled"]]);
  });

  test("nothing is written twice, nor at the next start", async () => {
    const it = await withVaults(VAULT);
    const { writes } = await it.startOperator();
    await it.converge();
    expect(writes.filter((write) => write.includes("Service ") || write.includes(VAULT))).toEqual([]);
  });
});

describe("the certificates of vaults", () => {
  const hold = (it: Cluster) => it.get(secrets, `${INSTALLED_IN}/${installation.vaultCertificatesSecret}`);
  const namesIn = (pem: string): string => new X509Certificate(pem).subjectAltName ?? "";
  const hostsIn = (secret: Secret): string[] =>
    Object.keys(secret.data ?? {})
      .filter((key) => key !== "tls.key")
      .sort();

  test("are one for each vault, with its names alone, and none for any other resource", async () => {
    const it = await withVaults(VAULT, "kube-system/vault", "default/kubernetes", "shop/vault");
    await it.apply(protectedResources, "payments/stock", { spec: { audiences: audiencesOf("payments/stock") } });
    await it.advance(2000);
    const held = await hold(it);
    expect(hostsIn(held)).toEqual(["vault.payments.svc", "vault.shop.svc"]);
    expect(namesIn(secretText(held, "vault.payments.svc") ?? "")).toBe(
      "DNS:vault.payments.svc, DNS:vault.payments.svc.cluster.local",
    );
    expect(readKeyPair(held, "vault.payments.svc", "tls.key")).toBeDefined();
    const own = await it.get(secrets, `${INSTALLED_IN}/${installation.vaultServingSecret}`);
    expect(namesIn(secretText(own, "tls.crt") ?? "")).not.toContain("payments");
  });

  test("are written once when many vaults come; those that are there stay, and one that is not needed goes", async () => {
    const it = await withVaults("payments/vault-0");
    const before = secretText(await hold(it), "vault-0.payments.svc");
    const { writes } = await it.startOperator();
    for (const at of [1, 2, 3, 4, 5]) await makeVault(it, `payments/vault-${at}`);
    await it.advance(5000);
    const written = () => writes.filter((write) => write.includes(installation.vaultCertificatesSecret)).length;
    expect([written(), hostsIn(await hold(it)).length]).toEqual([1, 6]);
    expect(secretText(await hold(it), "vault-0.payments.svc")).toBe(before);
    await it.delete(protectedResources, "payments/vault-1");
    await it.advance(5000);
    expect([written(), hostsIn(await hold(it)).length]).toEqual([2, 5]);
  });

  test("there are none where no vaults are served", async () => {
    const it = await Cluster.withOperator(kindsOfInstallation);
    await makeVault(it, VAULT);
    await it.converge();
    const held = (await it.all(secrets)).map(({ metadata }) => metadata.name);
    expect(held).not.toContain(installation.vaultCertificatesSecret);
    expect(held).not.toContain(installation.vaultServingSecret);
  });
});
