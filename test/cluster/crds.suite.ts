import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { API_GROUP, API_VERSION } from "../../identity/names.ts";
import { kubectl, openTestCluster } from "./test-cluster.ts";

const cluster = await openTestCluster();
const crds = join(import.meta.dirname, "../../crds");

const principal = { managedIdentity: "orders", namespace: "shop" };
const assignment = { principal, roleDefinition: "reader" };

describe.skipIf(cluster === undefined)("a real API server", () => {
  let folder: string;
  const speak = (...args: readonly string[]): Promise<string> =>
    cluster === undefined ? Promise.reject(new Error("no cluster")) : kubectl(cluster, ...args);

  /** What the server says to a new object; it keeps nothing. */
  async function create(kind: string, spec: unknown): Promise<string> {
    const file = join(folder, "object.json");
    await writeFile(file, JSON.stringify({ apiVersion: API_VERSION, kind, metadata: { name: "orders" }, spec }));
    return speak("create", "--dry-run=server", `--filename=${file}`);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lanyard-crds-"));
    await speak("apply", `--filename=${crds}`);
    await speak("wait", "--for=condition=Established", "--timeout=30s", ...names);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const names = customResources.map(({ plural }) => `crd/${plural}.${API_GROUP}`);

  test.each([...customResources])("takes the CRD of $kind, and every name in it", async ({ plural, shortName }) => {
    const accepted = "jsonpath={.status.acceptedNames.plural} {.status.acceptedNames.shortNames[0]}";
    expect(await speak("get", `crd/${plural}.${API_GROUP}`, `--output=${accepted}`)).toBe(`${plural} ${shortName}`);
  });

  test.each<[string, object]>([
    ["ManagedIdentity", {}],
    [
      "ManagedIdentity",
      { subjects: [{ serviceAccount: "orders" }], token: { lifetime: "24h", claims: { team: "a" } } },
    ],
    ["RoleDefinition", { actions: ["secrets/read"] }],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-12-01T01:30:00.5+01:30" }],
    ["ClusterRoleAssignment", { ...assignment, scope: "/namespaces/shop" }],
    ["ProtectedResource", { audiences: ["https://a.svc"] }],
    ["ProtectedResource", { audiences: ["a"], acceptedClaims: ["team", "cost_center"], tokenType: "JWT" }],
  ])("takes %s %j", async (kind, spec) => expect(await create(kind, spec)).toContain("created"));

  test.each<[string, object, string]>([
    ["ManagedIdentity", { type: "SystemAssigned" }, "workload is set exactly when type is SystemAssigned"],
    ["ManagedIdentity", { token: { lifetime: "5m" } }, "expected a duration from 10m to 24h"],
    ["ManagedIdentity", { token: { claims: { ISS: "me" } } }, "names a reserved claim"],
    ["ManagedIdentity", { token: { claims: { "a b": "c" } } }, "expected a claim name"],
    ["ManagedIdentity", { subjects: [{ serviceAccount: "a", other: 1 }] }, "unknown field"],
    ["RoleDefinition", {}, "a role needs at least one action or a kubernetesRole"],
    ["RoleAssignment", { ...assignment, principal: {} }, "exactly one of managedIdentity and workload must be set"],
    ["RoleAssignment", { ...assignment, expiresAt: ["2026-12-01T00:00:00Z"] }, "must be of type string"],
    ["RoleAssignment", { ...assignment, expiresAt: "2026-02-30T00:00:00Z" }, "spec.expiresAt"],
    ["ClusterRoleAssignment", { ...assignment, scope: "/namespaces/a/resources/b" }, "spec.scope"],
    ["ProtectedResource", { audiences: ["a", "a"] }, "Duplicate value"],
    ["ProtectedResource", { audiences: ["a"], acceptedClaims: ["team", "team"] }, "Duplicate value"],
    ["ProtectedResource", { audiences: ["a"], acceptedClaims: ["Team"] }, "spec.acceptedClaims[0]"],
    ["ProtectedResource", { audiences: ["a"], acceptedClaims: ["t\u0435am"] }, "spec.acceptedClaims[0]"],
    ["ProtectedResource", { audiences: ["a"], acceptedClaims: Array.from("abcdefghijklmnopq") }, "at most 16 items"],
    ["ProtectedResource", { audiences: ["a"], tokenType: "at+JWT" }, "spec.tokenType"],
    ...["roles", "policy", "client__id", "constructor", "xms_tcdt", "custom", "nameidentifier"].map(
      (name): [string, object, string] => [
        "ProtectedResource",
        { audiences: ["a"], acceptedClaims: ["team", name] },
        "gives a meaning: let the identities use another name",
      ],
    ),
  ])("refuses %s %j: %s", async (kind, spec, reason) => {
    await expect(create(kind, spec)).rejects.toThrow(reason);
  });

  test.each([...customResources])("explains $kind", async ({ plural, description }) => {
    const explanation = await speak("explain", plural);
    expect(explanation.replaceAll(/\s+/g, " ")).toContain(description);
  });
});
