import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { certificateFile, keyFile, type User } from "./certificates.ts";
import { CONTEXT, folders, ports } from "./layout.ts";

export const kubeconfigFile = (user: User): string => join(folders.kubeconfigs, user);

/** A file for each user, whole in itself, so that it can be copied elsewhere. */
export async function writeKubeconfigs(users: readonly User[], address: string): Promise<void> {
  await mkdir(folders.kubeconfigs, { recursive: true, mode: 0o700 });
  for (const user of users) await writeFile(kubeconfigFile(user), await kubeconfig(user, address), { mode: 0o600 });
}

/** https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
async function kubeconfig(user: User, address: string): Promise<string> {
  const cluster = {
    server: `https://${address}:${ports.api}`,
    "certificate-authority-data": await readFile(certificateFile("ca"), "base64"),
  };
  const credential = {
    "client-certificate-data": await readFile(certificateFile(user), "base64"),
    "client-key-data": await readFile(keyFile(user), "base64"),
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: CONTEXT, cluster }],
    users: [{ name: user, user: credential }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
    "current-context": CONTEXT,
  });
}
