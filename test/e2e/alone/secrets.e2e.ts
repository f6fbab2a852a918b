/** Secrets of a vault in the cluster: read by the unmodified SDK, and as a file by a program without any. */
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { annotations } from "../../../identity/names.ts";
import { pod } from "../support/application.ts";
import { type Helm, SYSTEM, upgrade } from "../support/helm.ts";
import { apply, field, kubectl, theCluster, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { managedIdentity, restricted, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";
import { sdkPod, secretFile, secretFileAtStart, useSecret, vault, vaultRight } from "../support/vault.ts";

const namespace = "e2e-secrets";
const VAULT = "payments-vault";
const url = `https://${VAULT}.${namespace}.svc`;
const SECRET = "db-password";
const named = (name: string) => ({ namespace, name });
const helm = (): Helm => ({ program: inject("helm"), cluster: theCluster() });

const asking = { "lanyard.dev/secret-files": `${SECRET}=${VAULT}/${SECRET}` };
const user = (runAsUser: number) => ({ securityContext: { ...restricted, runAsUser } });
const command = ["secret-file.ts", SECRET, "idle"] as const;
const mayRead = (identity: string): object =>
  vaultRight({ ...named(identity), identity, vault: VAULT, role: "secrets-reader", secret: SECRET });

/** As `pod`, with a second container that runs as another user. */
function podOfTwoUsers(application: Parameters<typeof pod>[0]): object {
  const written = pod({ ...application, container: user(10_001) }) as { spec: { containers: object[] } };
  const [first] = written.spec.containers;
  const containers = [first, { ...first, name: "second", ...user(10_002) }];
  return { ...written, spec: { ...written.spec, containers } };
}

describeOnCluster("secrets of a vault", () => {
  useNamespaces(namespace);

  test("by default the release has nothing of the vault", async () => {
    const kinds = "all,roles,rolebindings,clusterroles,clusterrolebindings,networkpolicies,serviceaccounts,pdb";
    const found = await kubectl(
      "get",
      kinds,
      "--all-namespaces",
      "--selector=app.kubernetes.io/component=vault",
      "-oname",
    );
    expect(found).toBe("");
    await apply(vault(named(VAULT)));
    await expect.poll(servedReason).toBe("VaultNotInstalled");
  });

  describe("with vault.enabled", () => {
    beforeAll(async () => {
      await upgrade(helm(), "vault.enabled=true");
      await apply(
        ...["officer", "orders", "late"].flatMap((name) => [
          serviceAccount(named(name)),
          managedIdentity(named(name), [name]),
        ]),
        vaultRight({ ...named("officer"), identity: "officer", vault: VAULT, role: "secrets-officer" }),
        mayRead("orders"),
        sdkPod(named("officer"), "officer", url),
        sdkPod(named("orders"), "orders", url),
      );
      await waitFor(namespace, "VaultServed", `pres/${VAULT}`);
      await waitFor(namespace, "Ready", "pod/officer", "pod/orders");
    });
    afterAll(async () => {
      await upgrade(helm(), "vault.enabled=false");
      await kubectl("annotate", "namespace", "lanyard-vault", `${annotations.allowDeletion}=true`);
      await kubectl("delete", "namespace", "lanyard-vault", "--wait=false");
    });

    test("the unmodified SDK in one pod writes a secret, and in another reads it by its own name", async () => {
      await expect.poll(() => useSecret(named("officer"), "set", SECRET, "first")).toEqual({ value: "first" });
      expect(await useSecret(named("orders"), "get", SECRET)).toEqual({ value: "first" });
      expect(await useSecret(named("orders"), "set", SECRET, "mine")).toMatchObject({ error: expect.any(String) });
    });

    test("the values are in the vault's own namespace, and in no other", async () => {
      const secrets = await kubectl("get", "secrets", "--all-namespaces", "--output=json");
      const { items } = JSON.parse(secrets) as { items: { metadata: { namespace: string }; data?: object }[] };
      const holding = items.filter(({ data }) =>
        Object.values(data ?? {}).some((text) => Buffer.from(String(text), "base64").toString().includes("first")),
      );
      expect([...new Set(holding.map(({ metadata }) => metadata.namespace))]).toEqual(["lanyard-vault"]);
    });

    test("a program without an SDK finds it in a file, before it starts, for its user alone", async () => {
      const application = { ...named("file"), serviceAccount: "orders", annotations: asking, command };
      await apply(pod({ ...application, container: user(10_001) }));
      await waitFor(namespace, "Ready", "pod/file");
      const seen = await secretFileAtStart(named("file"));
      expect(seen).toEqual({ text: "first", mode: "400", uid: 10_001, gid: expect.any(Number), writing: "EROFS" });
    });

    test("containers of two users find it too, by a group", async () => {
      const application = { ...named("two"), serviceAccount: "orders", annotations: asking, command };
      await apply(podOfTwoUsers(application));
      await waitFor(namespace, "Ready", "pod/two");
      const expected = { text: "first", mode: "440", uid: 65_532, gid: 65_532, writing: "EROFS" };
      expect(await secretFileAtStart(named("two"))).toEqual(expected);
      expect(await secretFileAtStart(named("two"), "second")).toEqual(expected);
    });

    test("a new version is in the file within seconds", async () => {
      await useSecret(named("officer"), "set", SECRET, "second");
      await expect.poll(() => secretFile(named("file"), SECRET)).toMatchObject({ text: "second", mode: "400" });
    });

    test("without the right a pod waits, an Event says why, and it starts when the right is there", async () => {
      const application = { ...named("late"), serviceAccount: "late", annotations: asking, command };
      await apply(pod({ ...application, container: user(10_001) }));
      const described = (): Promise<string> => kubectl("describe", `--namespace=${namespace}`, "pod/late");
      await expect.poll(described).toMatch(/Warning +RoleAssignmentRequired .*payments-vault/);
      expect(await field(namespace, "pod/late", "{.status.containerStatuses[0].state}")).not.toContain("running");
      await apply(mayRead("late"));
      await waitFor(namespace, "Ready", "pod/late");
      expect(await secretFileAtStart(named("late"))).toMatchObject({ text: "second" });
    });

    test("when the right is taken away the file goes, for that pod alone", async () => {
      await kubectl("delete", `--namespace=${namespace}`, "rasn/late");
      await expect.poll(() => secretFile(named("late"), SECRET)).toEqual({ error: "ENOENT" });
      expect(await secretFile(named("file"), SECRET)).toMatchObject({ text: "second" });
      expect(await useSecret(named("orders"), "get", SECRET)).toEqual({ value: "second" });
    });

    test("an annotation that leads out of the directory has the pod refused", async () => {
      const annotations = { "lanyard.dev/secret-files": `../x=${VAULT}/${SECRET}` };
      await expect(apply(pod({ ...named("bad"), annotations }))).rejects.toThrow(/SecretFilesInvalid.*entry 1/);
    });

    test("a Service that somebody made is left alone, and the vault says so", async () => {
      const spec = { type: "ExternalName", externalName: "example.com" };
      await apply({ apiVersion: "v1", kind: "Service", metadata: named("taken"), spec }, vault(named("taken")));
      await expect.poll(() => servedReason("taken")).toBe("ServiceNameTaken");
      expect(await field(namespace, "service/taken", "{.spec.externalName}")).toBe("example.com");
    });

    test("the API server refuses the operator every other Service", async () => {
      const operator = `--as=system:serviceaccount:${SYSTEM}:lanyard-operator`;
      const deleting = kubectl("delete", "service/kubernetes", "--namespace=default", "--dry-run=server", operator);
      await expect(deleting).rejects.toThrow("writes no other Services than those of its vaults");
    });
  });
});

function servedReason(name = VAULT): Promise<string> {
  return field(namespace, `pres/${name}`, '{.status.conditions[?(@.type=="VaultServed")].reason}');
}
