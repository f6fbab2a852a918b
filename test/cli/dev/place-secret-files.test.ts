import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startDev } from "../../../cli/dev/dev.ts";
import type { Endpoint } from "../../../cli/dev/endpoint.ts";
import type { FirstSecret } from "../../../cli/dev/first-secrets.ts";
import { vaultFetch } from "../../../cli/dev/vault-fetch.ts";
import { Events, temporaryDirectory } from "./dev-world.ts";

const files = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: admin, namespace: payments }
---
apiVersion: lanyard.dev/v1alpha1
kind: ManagedIdentity
metadata: { name: admin, namespace: payments }
spec: { subjects: [{ serviceAccount: admin }] }
---
apiVersion: lanyard.dev/v1alpha1
kind: RoleAssignment
metadata: { name: admin, namespace: payments }
spec: { principal: { managedIdentity: admin }, roleDefinition: secrets-officer }
---
apiVersion: lanyard.dev/v1alpha1
kind: ProtectedResource
metadata: { name: vault, namespace: payments }
spec: { audiences: ["https://vault.payments.svc"], vault: {} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: orders, namespace: payments }
spec:
  template:
    metadata: { annotations: { lanyard.dev/secret-files: db-password=vault/db-password } }
    spec: { serviceAccountName: admin }
`;

const asked = "db-password=vault/db-password";

async function started(given: {
  readonly vaults: boolean;
  readonly manifests?: string;
  readonly secrets?: readonly FirstSecret[];
}) {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "all.yaml"), given.manifests ?? files);
  const events = new Events();
  const vaults = given.vaults ? { vaults: { shell: {}, secrets: given.secrets ?? [] } } : {};
  const as = [{ by: "workload", kind: "Deployment", namespace: "payments", name: "orders" }] as const;
  const dev = await startDev({ files: [directory], as, ...vaults, report: events.report });
  onTestFinished(() => dev.stop());
  const [endpoint] = dev.endpoints;
  if (endpoint === undefined) throw new Error("there is no endpoint");
  return { dev, endpoint, events };
}

/** Writes a secret as the pod itself would. */
async function setSecret({ dev, endpoint }: { dev: Awaited<ReturnType<typeof startDev>>; endpoint: Endpoint }) {
  const environment = dev.vaultEnvironment();
  const ca = await readFile(environment.NODE_EXTRA_CA_CERTS ?? "", "utf8");
  const outcome = await endpoint.getToken("https://vault.payments.svc", "memory");
  if (outcome.kind === "refused") throw new Error(outcome.refusal.sentence);
  const send = vaultFetch(() => ({ port: Number(new URL(environment.VAULT_URL ?? "").port), ca }));
  const headers = { authorization: `Bearer ${outcome.token.jwt}`, "content-type": "application/json" };
  const body = JSON.stringify({ value: "hunter2" });
  return send("https://vault.payments.svc/secrets/db-password?api-version=7.5", { method: "PUT", headers, body });
}

describe("a program of lanyard dev whose pod asks for secrets in files", () => {
  test("finds them in a directory of its own, which goes with it", async () => {
    const it = await started({ vaults: true });
    expect((await setSecret(it)).status).toBe(200);
    const placed = await it.dev.placeSecretFiles(it.endpoint);
    const directory = placed.environment.LANYARD_SECRETS_DIRECTORY ?? "";
    const file = join(directory, "db-password");
    expect(await readFile(file, "utf8")).toBe("hunter2");
    expect([(await stat(directory)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o400]);
    await placed.remove();
    await expect(readdir(directory)).rejects.toThrow("ENOENT");
    expect(JSON.stringify(it.events.all)).not.toContain("hunter2");
  });

  test("leaves none behind when its person does not wait for another", async () => {
    const temporary = await temporaryDirectory();
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const placed = async () => (await readdir(temporary)).filter((name) => name.startsWith("lanyard-secrets-"));
    const it = await started({
      vaults: true,
      manifests: files.replace(asked, `"${asked},late=vault/late"`),
    });
    await setSecret(it);
    const written = it.events.next("notice", ({ message }) => message === "secret file db-password written");
    void it.dev.placeSecretFiles(it.endpoint);
    await written;
    expect(await placed()).toHaveLength(1);
    await it.dev.stop();
    expect(await placed()).toEqual([]);
  });

  test("starts at once with a first value", async () => {
    const file = join(await temporaryDirectory(), "value");
    await writeFile(file, "hunter2");
    const secret = { namespace: "payments", vault: "vault", name: "db-password", file };
    const it = await started({ vaults: true, secrets: [secret] });
    const placed = await it.dev.placeSecretFiles(it.endpoint);
    const directory = placed.environment.LANYARD_SECRETS_DIRECTORY ?? "";
    expect(await readFile(join(directory, "db-password"), "utf8")).toBe("hunter2");
    expect(JSON.stringify(it.events.all)).not.toContain("hunter2");
  });

  test("is told once that it waits for a secret which nobody has written, and how to give it a value", async () => {
    const it = await started({ vaults: true });
    void it.dev.placeSecretFiles(it.endpoint);
    const { message } = await it.events.next("notice", (notice) => notice.message.includes("is not started before"));
    expect(message).toContain("db-password");
    expect(message).toContain("--secret NAMESPACE/VAULT/NAME=FILE");
  });

  test("has none without --vault, and is told so", async () => {
    const { dev, endpoint, events } = await started({ vaults: false });
    expect((await dev.placeSecretFiles(endpoint)).environment).toEqual({});
    expect(JSON.stringify(events.all)).toContain("lanyard.dev/secret-files has no effect without --vault");
  });
});
