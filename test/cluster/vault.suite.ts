import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { namespaces } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import {
  type Asked,
  deleteSecret,
  type NewVersion,
  purgeSecret,
  type SecretChange,
  setSecret,
} from "../../vault/secret/change-secret.ts";
import { SecretIndex } from "../../vault/storage/secret-index.ts";
import { SecretStore } from "../../vault/storage/secret-store.ts";
import { silentLog } from "../support/silent-log.ts";
import { openTestCluster } from "./test-cluster.ts";

const cluster = await openTestCluster();
const namespace = "vault-suite";
const vault = { uid: "uid-1", namespace: "payments", name: "payments-vault" };

let made = 0;
const newId = (): string => (made++).toString(16).padStart(32, "0");

/** So many versions in one write, as many writes would have made them. */
function setTimes(times: number, asked: Asked, wish: Omit<NewVersion, "id">): SecretChange {
  const change = setSecret(asked, vault, { id: newId(), ...wish });
  return times === 1 || change.kind !== "write"
    ? change
    : setTimes(times - 1, { ...asked, current: change.secret }, wish);
}

/** What the in-memory API promises of server-side apply and of versions, the real one must keep. */
describe.skipIf(cluster === undefined)("a vault's secrets on a real API server", () => {
  let client: ClusterClient;
  let index: SecretIndex;
  let store: SecretStore;

  beforeAll(async () => {
    if (cluster === undefined) return;
    client = await connect(cluster);
    const { api } = client;
    await api
      .create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } })
      .catch((error: unknown) => {
        if (!isStatus(error, "AlreadyExists")) throw error;
      });
    index = new SecretIndex({ api, clock: systemClock, log: silentLog, namespace });
    store = new SecretStore({ api, clock: systemClock, namespace, index });
    await index.synced;
  });

  afterAll(async () => {
    await index.stop();
    await client.api.delete(namespaces, { name: namespace });
    await client.close();
  });

  const set = (name: string, wish: Omit<NewVersion, "id">) => {
    const id = newId();
    return store.change(vault, name, (asked) => setSecret(asked, vault, { id, ...wish }));
  };

  test("of many who write one secret at once no version is lost, and each finds it in the list", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, number) => set("Key", { value: String(number) })));
    const [outline] = index.of(vault);
    expect(outline?.name).toBe("Key");
    expect((await store.read(vault, "Key")).current?.versions).toHaveLength(10);
  });

  test("the most and the largest versions fit, and what is left out goes from the object", async () => {
    const tags = Object.fromEntries(Array.from({ length: 15 }, (_, number) => [`tag-${number}`, "x".repeat(512)]));
    const wish = { value: "x".repeat(25_600), tags };
    await store.change(vault, "large", (asked) => setTimes(25, asked, wish));
    await set("large", wish);
    const { items } = await client.api.list(secrets, { namespace });
    const [stored] = items.filter(({ metadata }) => metadata.annotations?.["lanyard.dev/vault-secret"] === "large");
    expect(Object.keys(stored?.data ?? {})).toHaveLength(26);
    const { current } = await store.read(vault, "large");
    expect(current?.versions).toHaveLength(25);
  });

  test("a purged secret leaves nothing", async () => {
    await set("gone", { value: "x" });
    await store.change(vault, "gone", (asked) => deleteSecret(asked, 7));
    expect(await store.change(vault, "gone", purgeSecret)).toBeUndefined();
    expect(index.of(vault).map(({ name }) => name)).not.toContain("gone");
  });
});
