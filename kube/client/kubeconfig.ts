import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { didYouMean } from "../../identity/nearest-name.ts";
import type { ApiAccess, Credentials } from "./access.ts";
import { CredentialsError } from "./credentials-error.ts";
import { loadKubeconfig } from "./kubeconfig-files.ts";

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
export async function kubeconfigAccess(
  choice: KubeconfigChoice,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ApiAccess> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const files = { kubeconfig: choice.kubeconfig, list: environment.KUBECONFIG };
  const load = (): KubeConfig =>
    withContext(
      loadKubeconfig(() => new KubeConfig(), files),
      choice,
    );
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

function withContext(config: KubeConfig, { context }: KubeconfigChoice): KubeConfig {
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

function chosen(config: KubeConfig): { readonly server: URL; readonly namespace: string | undefined } {
  const name = config.getCurrentContext() as string | undefined;
  if (!name) throw new Error("The kubeconfig has no current context: choose one with --context.");
  const context = config.getContextObject(name);
  if (context === null) {
    const known = config.getContexts().map((each) => each.name);
    throw new Error(`The kubeconfig has no context "${name}".${didYouMean(name, known)}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error(`The kubeconfig has no cluster "${context.cluster}", which "${name}" names.`);
  if (context.user && config.getCurrentUser() === null) {
    throw new Error(`The kubeconfig has no user "${context.user}", which "${name}" names.`);
  }
  return { server: serverOf(cluster), namespace: context.namespace };
}

function serverOf({ name, server }: { readonly name: string; readonly server?: string }): URL {
  const url = URL.canParse(server ?? "") ? new URL(server ?? "") : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  throw new Error(`The kubeconfig gives cluster "${name}" the server "${server ?? ""}", which is not an http(s) URL.`);
}

/** What a plain connection to this host shows to nobody else. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Over HTTP as kubectl does it, but no credentials in the clear over a network. */
function checkPlainHttp(config: KubeConfig): void {
  const cluster = config.getCurrentCluster();
  if (cluster === null || !cluster.server.startsWith("http:")) return;
  const user = config.getCurrentUser();
  const hasSecret = [user?.token, user?.password, user?.exec, user?.authProvider].some(Boolean);
  const { hostname } = new URL(cluster.server);
  if (hasSecret && !LOOPBACK.test(hostname)) {
    throw new CredentialsError(
      `The kubeconfig reaches cluster "${cluster.name}" over plain HTTP (${cluster.server}), where anybody on the way could read your credentials, so they are not sent: use https.`,
    );
  }
  // The client refuses HTTP otherwise; there is no TLS to verify.
  Object.assign(cluster, { skipTLSVerify: true });
}

/** Runs the exec plugin when its last token has expired. */
async function requestOptions(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  checkPlainHttp(config);
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error);
    throw new CredentialsError(`The kubeconfig gives no credentials: ${why}`);
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
