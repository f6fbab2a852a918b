import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { didYouMean } from "../../identity/nearest-name.ts";
import { StatusError } from "../status-error.ts";
import type { ApiAccess, Credentials } from "./access.ts";

export interface KubeconfigChoice {
  /** A file; without it the files of KUBECONFIG, or the one in the home directory, as kubectl has it. */
  readonly kubeconfig?: string | undefined;
  /** The context in place of the file's current one. */
  readonly context?: string | undefined;
}

/**
 * Access as a kubeconfig says, exec plugins and proxies included: that is the work of @kubernetes/client-node. It costs
 * 60 MB of memory, so it is imported here alone, and only when a kubeconfig is used: docs/decisions/0012.
 */
export async function kubeconfigAccess(choice: KubeconfigChoice): Promise<ApiAccess> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const load = (): KubeConfig => loaded(new KubeConfig(), choice);
  let config = load();
  const { server, namespace } = chosen(config);
  return {
    server,
    namespace,
    credentials: () => credentialsOf(config),
    renew() {
      config = load();
    },
  };
}

function loaded(config: KubeConfig, { kubeconfig, context }: KubeconfigChoice): KubeConfig {
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

function chosen(config: KubeConfig): { readonly server: URL; readonly namespace: string | undefined } {
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  if (context === null) {
    const known = config.getContexts().map((each) => each.name);
    throw new Error(`The kubeconfig has no context "${name}".${didYouMean(name, known)}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`The kubeconfig has no cluster "${context.cluster}", which "${name}" names.`);
  return { server: new URL(cluster.server), namespace: context.namespace };
}

/** Runs the exec plugin when its last token has expired. */
async function requestOptions(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    throw new StatusError("Unauthorized", `The kubeconfig gives no credentials: ${why}`);
  }
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const { agent, headers, ca, cert, key, passphrase, ...others } = await requestOptions(config);
  const { auth, servername, rejectUnauthorized } = others;
  return {
    headers: textHeaders(headers),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(typeof auth === "string" ? { auth } : {}),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    // Its agent keeps no connection open; it is only of use where a proxy must be passed.
    ...(config.getCurrentCluster()?.proxyUrl && typeof agent === "object" ? { agent } : {}),
  };
}

function textHeaders(headers: RequestOptions["headers"] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value).trim()]));
}
