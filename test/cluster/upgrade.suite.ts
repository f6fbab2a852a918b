import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { API_VERSION } from "../../identity/names.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { permittedDomains } from "../../operator/certificates/name-constraints.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { chart, helm, LOCAL_IMAGES, withFile } from "../charts/chart.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";
import { objects, SHOP, SYSTEM, secrets, VAULTS } from "./upgrade/old-world.ts";

// Whatever builds a cluster for the other suites builds the programs too; with a cluster of somebody else there are none.
await openTestCluster();
const programs = findPrograms();
const PATIENCE = { timeout: 30_000, interval: 200 };
const before = join(import.meta.dirname, "../fixtures/releases/lanyard-0.1.0.tgz");
const ASSIGNMENTS = "crd/roleassignments.lanyard.dev";
const condition = "{.spec.condition}";

interface Kept {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec?: object;
  readonly data?: object;
  readonly status?: { readonly principalId?: string };
}

describe.skipIf(programs === undefined)("an installation of 0.1.0, upgraded", () => {
  let server: PrivateApiServer;
  let client: ClusterClient;
  let operator: Operator;
  let kept: readonly object[];

  const speak = (...args: readonly string[]): Promise<string> => kubectl(server, ...args);
  const release = (command: string, ...args: readonly string[]): Promise<string> =>
    helm(
      command,
      "lanyard",
      ...args,
      `--namespace=${SYSTEM}`,
      `--kubeconfig=${server.kubeconfig}`,
      `--kube-context=${server.context}`,
    );
  const write = (items: readonly object[]): Promise<string> =>
    withFile(JSON.stringify({ apiVersion: "v1", kind: "List", items }), (file) =>
      speak("apply", "--server-side", `--filename=${file}`),
    );
  const at = (path: string, ...args: readonly string[]): Promise<string> =>
    speak("get", ...args, `--output=jsonpath=${path}`);
  const conditionNow = (): Promise<string> => at(condition, "roleassignment/reads-sometimes", `--namespace=${SHOP}`);

  /** Every identity, grant, secret and key, by what makes it what it is. */
  async function state(): Promise<readonly object[]> {
    const kinds = ["mi", "protectedresources", "roledefinitions", "roleassignments", "clusterroleassignments"];
    const groups = [...kinds, "tokenrevocations"].map((kind) => (kind === "mi" ? kind : `${kind}.lanyard.dev`)).join();
    const list = async (...args: readonly string[]): Promise<readonly Kept[]> =>
      JSON.parse(await speak("get", ...args, "--output=json")).items;
    const own = (await list(groups, "--all-namespaces")).filter(
      ({ kind, metadata }) => kind !== "RoleDefinition" || metadata.name === "stock-reader",
    );
    const keys = [
      ...(await list("secrets", `--namespace=${VAULTS}`)),
      ...(await list("secrets", `--namespace=${SYSTEM}`)),
    ].filter(({ metadata }) => /^vault-|^lanyard-(signing-keys|ca)$/.test(metadata.name));
    return [...own, ...keys].map(({ kind, metadata: { name, uid }, spec = {}, data = {}, status = {} }) => {
      const { principalId } = status;
      return { kind, name, uid, spec, data, ...(principalId && { principalId }) };
    });
  }

  /** As the operator of 0.1.0 did. */
  async function pin(): Promise<void> {
    const uid = await at("{.metadata.uid}", "mi/orders", `--namespace=${SHOP}`);
    const as = [`--as=system:serviceaccount:${SYSTEM}:lanyard-operator`, "--field-manager=lanyard-operator"];
    const pinned = (kind: string, name: string, namespace?: string): object => ({
      ...{ apiVersion: API_VERSION, kind, metadata: { name, ...(namespace && { namespace }) } },
      status: { principalId: uid },
    });
    const items = [
      ...["reads", "reads-sometimes"].map((name) => pinned("RoleAssignment", name, SHOP)),
      ...[pinned("ManagedIdentity", "orders", SHOP), pinned("ClusterRoleAssignment", "reads-all")],
    ];
    for (const item of items) {
      await withFile(JSON.stringify(item), (file) =>
        speak("apply", "--server-side", "--subresource=status", ...as, `--filename=${file}`),
      );
    }
  }

  async function runOperator(): Promise<void> {
    const token = await speak("create", "token", "lanyard-operator", `--namespace=${SYSTEM}`);
    client = await connect({ kubeconfig: await server.kubeconfigWith(token.trim()) });
    const names = {
      ...{ webhookService: "lanyard-webhook", issuerService: "lanyard-issuer", vaultService: "lanyard-vault" },
      ...{ mutatingWebhookConfiguration: "lanyard-webhook", validatingWebhookConfiguration: "lanyard-webhook" },
    };
    const installed = {
      namespace: SYSTEM,
      vaultNamespace: VAULTS,
      mode: "own",
      clusterDomain: "cluster.local",
      names,
    } as const;
    operator = startOperator({ api: client.api, clock: systemClock, log: silentLog, installation: installed });
    await operator.synced;
  }

  beforeAll(async () => {
    if (programs === undefined) return;
    server = await PrivateApiServer.start(programs, { authorization: "RBAC" });
    await release("install", before, "--create-namespace", "--set=vault.enabled=true");
    await server.startControllers();
    await speak("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
    await speak("create", "namespace", SHOP);
    await write([...objects, ...(await secrets())]);
    await pin();
    kept = await state();
    await release("upgrade", chart, "--reset-then-reuse-values", LOCAL_IMAGES);
    await runOperator();
  }, 300_000);

  afterAll(async () => {
    await operator?.stop();
    await client?.close();
    await server?.remove();
  });

  test("keeps every identity, grant, secret and key", async () => {
    const row = '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].reason}{"\\n"}{end}';
    const reasons = (): Promise<string> => at(row, "mi,roleassignments.lanyard.dev", `--namespace=${SHOP}`);
    await vi.waitFor(
      async () => expect((await reasons()).trim()).toBe("orders Ready\nreads Ready\nreads-sometimes Ready"),
      {
        ...PATIENCE,
        timeout: 20_000,
      },
    );
    const now = await state();
    expect(now).toHaveLength(kept.length);
    // A newer version adds defaults, and a next authority beside the one there is.
    expect(now).toMatchObject(kept);
  });

  test("replaces the authority that may sign for every name, and trusts both meanwhile", async () => {
    const next = "{.data.next\\.crt}";
    const cert = await vi.waitFor(async () => {
      const found = await at(next, "secret/lanyard-ca", `--namespace=${SYSTEM}`);
      expect(found).not.toBe("");
      return Buffer.from(found, "base64").toString();
    }, PATIENCE);
    expect(permittedDomains(cert)).toEqual(["svc", "svc.cluster.local"]);
    const bundle = "{.webhooks[0].clientConfig.caBundle}";
    await vi.waitFor(async () => {
      const pem = Buffer.from(await at(bundle, "mutatingwebhookconfiguration/lanyard-webhook"), "base64").toString();
      expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    }, PATIENCE);
  });

  describe("is not taken back to older CRDs", () => {
    // The API server learns of a policy a moment after it was written.
    beforeAll(() =>
      vi.waitFor(
        () =>
          expect(speak("annotate", ASSIGNMENTS, "lanyard.dev/schema-revision=1", "--overwrite")).rejects.toThrow(
            "schema revision",
          ),
        PATIENCE,
      ),
    );

    test("by helm rollback, which says what to do instead", async () => {
      await expect(release("rollback", "1")).rejects.toThrow(
        /schema revision 2, and this is revision 1.*crds[.]install=false/s,
      );
      expect(await conditionNow()).not.toBe("");
    });

    test("by a CRD of the same revision that lacks a field", async () => {
      const path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/condition";
      const patch = `--patch=[{"op":"remove","path":"${path}"}]`;
      await expect(speak("patch", ASSIGNMENTS, "--type=json", patch)).rejects.toThrow(
        "take a version or a field from CRD",
      );
      const nested = `${path.replace("/condition", "/principal")}/properties/workload/properties/kind`;
      await expect(
        speak("patch", ASSIGNMENTS, "--type=json", `--patch=[{"op":"remove","path":"${nested}"}]`),
      ).rejects.toThrow("take a version or a field from CRD");
    });

    test("but takes one with more fields, and the same again", async () => {
      const path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/more";
      await speak(
        "patch",
        ASSIGNMENTS,
        "--type=json",
        `--patch=[{"op":"add","path":"${path}","value":{"type":"string"}}]`,
        "--dry-run=server",
      );
      await speak("annotate", ASSIGNMENTS, "lanyard.dev/schema-revision=3", "--overwrite", "--dry-run=server");
    });

    test("an older chart with crds.install=false goes back, and every condition stays", async () => {
      const written = await conditionNow();
      await release("upgrade", before, "--reset-values", "--set=vault.enabled=true", "--set=crds.install=false");
      const image = await at(
        "{.spec.template.spec.containers[0].image}",
        "deployment/lanyard-issuer",
        `--namespace=${SYSTEM}`,
      );
      expect(image).toMatch(/^lanyard[.]dev/);
      expect(await conditionNow()).toBe(written);
      expect(await at("{.metadata.name}", "validatingadmissionpolicy/lanyard-schema")).toBe("lanyard-schema");
      await release("upgrade", chart, "--reset-then-reuse-values", LOCAL_IMAGES, "--set=crds.install=true");
      expect(await conditionNow()).toBe(written);
    });
  });
});

test("the CRDs have a higher revision than those of the last release if they differ", async () => {
  const rendered = await helm("template", "lanyard", before);
  const old = rendered
    .split(/^---$/m)
    .filter((text) => text.includes("kind: CustomResourceDefinition"))
    .map((text) => parse(text));
  expect(old.length).toBeGreaterThan(0);
  for (const crd of old) {
    const now = parse(readFileSync(join(chart, "crd-files", `${crd.spec.names.plural}.yaml`), "utf8"));
    const revision = (metadata: { annotations?: Record<string, string> }): number =>
      Number(metadata.annotations?.["lanyard.dev/schema-revision"] ?? 1);
    const differs = JSON.stringify(crd.spec.versions) !== JSON.stringify(now.spec.versions);
    expect(revision(now.metadata)).toBeGreaterThanOrEqual(revision(crd.metadata) + (differs ? 1 : 0));
  }
});
