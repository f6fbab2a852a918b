import { expect, test } from "vitest";
import { protectedResources } from "../../../kube/kinds.ts";
import { Store } from "../../../kube/store.ts";
import { stored } from "../../../kube/stored.ts";
import { vaultHosts } from "../../../operator/vault-service/vault-hosts.ts";

function vault(namespace: string, at: number) {
  const name = `vault-${at}`;
  const creationTimestamp = new Date(Date.parse("2026-11-21T12:00:00Z") - at * 1000).toISOString();
  const metadata = { name, namespace, uid: `${namespace}-${name}`, resourceVersion: "1", generation: 1 };
  const spec = { audiences: [`https://${name}.${namespace}.svc`], vault: {} };
  const { apiVersion, kind } = protectedResources;
  return stored(protectedResources).parse({ apiVersion, kind, metadata: { ...metadata, creationTimestamp }, spec });
}

/** Of each namespace so many vaults; one with a higher number is older. */
function hostsOf(counts: Readonly<Record<string, number>>, vaultDomain?: string) {
  const store = new Store<ReturnType<typeof vault>>();
  const hosts = vaultHosts(store, "lanyard-system", { clusterDomain: "cluster.local", vaultDomain });
  for (const [namespace, count] of Object.entries(counts)) {
    for (let at = 0; at < count; at += 1) store.upsert(vault(namespace, at));
  }
  return { store, hosts };
}

test("the certificate of a vault has two names, whatever vaults there are", () => {
  const { hosts } = hostsOf({ payments: 2 });
  const names = ["vault-0.payments.svc", "vault-0.payments.svc.cluster.local"];
  expect(hosts.byHost().get("vault-0.payments.svc")).toEqual(names);
});

test("where vaults have a domain, the certificate has the vault's name below it too", () => {
  const { hosts } = hostsOf({ payments: 1 }, "vault.example.com");
  expect(hosts.byHost().get("vault-0.payments.svc")).toEqual([
    "vault-0.payments.svc",
    "vault-0.payments.svc.cluster.local",
    "vault-0.payments.vault.example.com",
  ]);
});

test("of a namespace it has the twenty oldest vaults, and leaves the others' to them", () => {
  const { hosts } = hostsOf({ greedy: 600, payments: 1 });
  expect(hosts.byHost().size).toBe(20 + 1);
  expect(hosts.has("vault-580.greedy.svc")).toBe(true);
  expect(hosts.has("vault-579.greedy.svc")).toBe(false);
  expect(hosts.has("vault-0.payments.svc")).toBe(true);
});

test("of a cluster it has the five hundred oldest, so many that one Secret holds them", () => {
  const { hosts } = hostsOf(Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`team-${at}`, 20])));
  expect(hosts.byHost().size).toBe(500);
  expect(hosts.has("vault-19.team-25.svc")).toBe(true);
  expect(hosts.has("vault-0.team-25.svc")).toBe(false);
});

test("when one goes, the next has its place", () => {
  const { store, hosts } = hostsOf({ payments: 21 });
  expect(hosts.has("vault-0.payments.svc")).toBe(false);
  store.delete(vault("payments", 20));
  expect(hosts.has("vault-0.payments.svc")).toBe(true);
});
