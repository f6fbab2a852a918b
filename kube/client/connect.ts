import { z } from "zod";
import type { KubeApi } from "../api.ts";
import type { Random } from "../backoff.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { ApiAccess } from "./access.ts";
import { ClusterApi, type ListStyle } from "./cluster-api.ts";
import { inClusterAccess, isInCluster } from "./in-cluster.ts";
import { type KubeconfigChoice, kubeconfigAccess } from "./kubeconfig.ts";
import type { Unreadable } from "./received-object.ts";
import { Transport } from "./transport.ts";

export interface ConnectOptions extends KubeconfigChoice {
  /** Of Lanyard, for the API server's audit log. */
  readonly version?: string;
  /** An object that is none of its kind's, and was left out of a list or a watch. */
  readonly onUnreadable?: (unreadable: Unreadable) => void;
  /** `paged` for whoever may list but not watch; `streamed`, where the server can, costs less memory. */
  readonly lists?: ListStyle;
  readonly environment?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface ClusterClient {
  readonly api: KubeApi;
  /** The namespace of this process's pod, or of the kubeconfig's context. */
  readonly namespace: string | undefined;
  /** The JSON that a GET of a path brings. */
  readonly raw: (path: string) => Promise<unknown>;
  readonly serverVersion: () => Promise<ServerVersion>;
  close(): Promise<void>;
}

export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
}

/**
 * A client of the cluster that the kubeconfig names or, when none was asked for, of the one that this process runs in.
 * What it writes belongs to the field manager `lanyard`, which the API server takes from the user agent.
 */
export async function connect({
  version = "unknown",
  onUnreadable = () => {},
  lists = "streamed",
  environment = process.env,
  clock = systemClock,
  random = Math.random,
  ...choice
}: ConnectOptions = {}): Promise<ClusterClient> {
  const access = await accessFor(choice, environment);
  const transport = new Transport({ access, clock, userAgent: `lanyard/${version}` });
  const raw = (path: string): Promise<unknown> => transport.json({ method: "GET", path });
  return {
    api: new ClusterApi({ transport, clock, random, onUnreadable, lists }),
    namespace: access.namespace,
    raw,
    serverVersion: async () => versionSchema.parse(await raw("/version")),
    async close() {
      transport.close();
    },
  };
}

/** Some distributions add to the number: `34+`. */
const versionNumber = z
  .string()
  .regex(/^\d+/)
  .transform((text) => Number.parseInt(text, 10));
const versionSchema = z.object({ major: versionNumber, minor: versionNumber });

function accessFor(choice: KubeconfigChoice, environment: NodeJS.ProcessEnv): Promise<ApiAccess> {
  const isKubeconfig = choice.kubeconfig !== undefined || choice.context !== undefined || !isInCluster(environment);
  return isKubeconfig ? kubeconfigAccess(choice, environment) : inClusterAccess(environment);
}
