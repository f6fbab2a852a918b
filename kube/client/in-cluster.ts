import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { ApiAccess } from "./access.ts";

const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Whether this process runs in a pod, where the kubelet says in the environment how to reach the API server. */
export function isInCluster({ KUBERNETES_SERVICE_HOST }: NodeJS.ProcessEnv): boolean {
  return Boolean(KUBERNETES_SERVICE_HOST);
}

/**
 * Access as the pod's ServiceAccount. The files are read for every request: the kubelet renews the token long before it
 * expires, and a process which only watches makes a few requests a minute.
 * https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api
 */
export async function inClusterAccess(
  { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" }: NodeJS.ProcessEnv,
  folder = SERVICE_ACCOUNT_FOLDER,
): Promise<ApiAccess> {
  const read = async (name: string): Promise<string> => (await readFile(join(folder, name), "utf8")).trim();
  return {
    server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    namespace: await read("namespace"),
    async credentials() {
      const [ca, token] = await Promise.all([read("ca.crt"), read("token")]);
      return { ca, headers: { authorization: `Bearer ${token}` } };
    },
    renew() {},
  };
}
