import { z } from "zod";
import { API_VERSION, injection } from "../../../identity/names.ts";
import { appImage } from "../images/app-images.ts";
import { kubectl } from "./kubectl.ts";
import { type Name, restricted } from "./objects.ts";

/** A vault, which takes tokens for its own name. */
export function vault({ namespace, name }: Name): object {
  const spec = { audiences: [`https://${name}.${namespace}.svc`], vault: {} };
  return { apiVersion: API_VERSION, kind: "ProtectedResource", metadata: { namespace, name }, spec };
}

export interface VaultRight extends Name {
  readonly identity: string;
  readonly vault: string;
  readonly role: "secrets-reader" | "secrets-officer";
  /** One secret alone. */
  readonly secret?: string;
}

export function vaultRight({ namespace, name, identity, vault: resource, role, secret }: VaultRight): object {
  const principal = { managedIdentity: identity };
  const subresource = secret === undefined ? {} : { subresource: `secrets/${secret}` };
  const spec = { principal, roleDefinition: role, resource, ...subresource };
  return { apiVersion: API_VERSION, kind: "RoleAssignment", metadata: { namespace, name }, spec };
}

/** A pod that does nothing until `useSecret` has it use the SDK. */
export function sdkPod({ namespace, name }: Name, serviceAccount: string, vaultUrl: string): object {
  const trust = "/trust";
  const container = {
    name: "sdk",
    image: appImage("javascript"),
    command: ["/usr/local/bin/node", "--eval", "setInterval(() => {}, 60_000)"],
    env: [
      { name: "VAULT_URL", value: vaultUrl },
      { name: "NODE_EXTRA_CA_CERTS", value: `${trust}/${injection.trustBundleKey}` },
    ],
    volumeMounts: [{ name: "trust", mountPath: trust }],
    securityContext: restricted,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name },
    spec: {
      ...{ serviceAccountName: serviceAccount, restartPolicy: "Never", terminationGracePeriodSeconds: 1 },
      containers: [container],
      volumes: [{ name: "trust", configMap: { name: injection.trustBundle } }],
    },
  };
}

const answerSchema = z.union([z.object({ value: z.string() }), z.object({ error: z.string() })]);

/** What the unmodified SDK in a pod got from a vault. */
export async function useSecret({ namespace, name }: Name, ...args: readonly string[]) {
  const command = ["/usr/local/bin/node", "/app/secret.js", ...args];
  return answerSchema.parse(JSON.parse(await kubectl("exec", `--namespace=${namespace}`, name, "--", ...command)));
}

const fileSchema = z.union([
  z.object({ text: z.string(), mode: z.string(), uid: z.number(), gid: z.number(), writing: z.string() }),
  z.object({ error: z.string() }),
]);

/** What a process in the container `app` of a pod sees of a secret's file. */
export async function secretFile({ namespace, name }: Name, file: string, container = "app") {
  const command = ["/usr/local/bin/node", "/application/secret-file.ts", file];
  const where = [`--namespace=${namespace}`, name, `--container=${container}`];
  return fileSchema.parse(JSON.parse(await kubectl("exec", ...where, "--", ...command)));
}

/** What it saw when it started, which it wrote into its log. */
export async function secretFileAtStart({ namespace, name }: Name, container = "app") {
  return fileSchema.parse(
    JSON.parse(await kubectl("logs", `--namespace=${namespace}`, name, `--container=${container}`)),
  );
}
