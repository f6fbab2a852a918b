import { expect, test } from "vitest";
import { protectedResources } from "../../../kube/kinds.ts";
import { Store } from "../../../kube/store.ts";
import { stored } from "../../../kube/stored.ts";
import { MOST_HOSTS, vaultHosts } from "../../../operator/vault-service/vault-hosts.ts";

function vault(at: number): unknown {
  const name = `vault-${at}`;
  const creationTimestamp = new Date(Date.parse("2026-11-21T12:00:00Z") - at * 1000).toISOString();
  const metadata = { name, namespace: "payments", uid: name, resourceVersion: "1", generation: 1, creationTimestamp };
  const spec = { audiences: [`https://${name}.payments.svc`], vault: {} };
  return { apiVersion: protectedResources.apiVersion, kind: "ProtectedResource", metadata, spec };
}

test("a certificate has the names of the oldest vaults, so many that clients still take it", () => {
  const resources = Array.from({ length: MOST_HOSTS + 3 }, (_, at) => stored(protectedResources).parse(vault(at)));
  const store = new Store<(typeof resources)[number]>();
  store.replace(resources);
  const names = vaultHosts(store, "lanyard-system", "cluster.local").names();
  expect(names).toHaveLength(2 * MOST_HOSTS);
  expect(names).toContain(`vault-${MOST_HOSTS + 2}.payments.svc`);
  expect(names).not.toContain("vault-2.payments.svc");
});
