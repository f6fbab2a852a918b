import type { KubeApi } from "../../kube/api.ts";
import { type ClusterClient, type ConnectOptions, connect } from "../../kube/client/connect.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { discoverKind, groupOf, MOST_WORKLOAD_RESOURCES } from "../../kube/custom-workloads.ts";
import { type Kind, keyText } from "../../kube/kind.ts";
import { UsageError } from "../usage-error.ts";
import { kubeconfigProblem } from "./kubeconfig-problem.ts";
import type { ConnectionOptions } from "./options.ts";
import { RequestingApi } from "./requesting-api.ts";

/** What a command works with: a cluster, and somebody who waits for the answer. */
export interface Session {
  readonly api: KubeApi;
  /** Returns a kind of another API that extends Kubernetes, or undefined if the API server does not serve it. */
  readonly customKind: FindKind;
  readonly clock: Clock;
  /** Of names that are given without one. */
  readonly namespace: string;
  /** The name that the program was started by, for the commands that an answer proposes. */
  readonly program: string;
  /** How wide the terminal is; endless where there is none. */
  readonly columns: number;
  /** Says on standard error how it goes, while it goes. */
  readonly say: (line: string) => void;
  /** Asks a question that is answered by yes or no; undefined where no person can answer, such as in a script. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  /** Aborted when the person does not want to wait any longer. */
  readonly signal: AbortSignal;
}

export type FindKind = (named: Pick<Kind, "apiVersion" | "kind">) => Promise<Kind | undefined>;

/** Who asks, and how they are spoken to. */
export type Person = Pick<Session, "program" | "columns" | "say" | "confirm" | "signal">;

export interface OpenSession extends Session {
  readonly close: () => Promise<void>;
}

export interface SessionChoice extends ConnectionOptions {
  readonly version: string;
}

export async function openSession(
  { version, namespace, ...choice }: SessionChoice,
  person: Person,
): Promise<OpenSession> {
  // A person may list what they may not watch, and WatchList is a watch to RBAC.
  const client = await connectAs({
    ...choice,
    ...{ version, lists: "paged" },
    onUnreadable: ({ kind, key }) => {
      const name = key === undefined ? "" : ` ${keyText(key)}`;
      person.say(`${kind.kind}${name} breaks a rule and is left out: its Ready condition says which.`);
    },
  });
  return {
    ...person,
    api: new RequestingApi(client.api),
    customKind: rememberKinds((named) => discoverKind(client.raw, named)),
    clock: systemClock,
    namespace: namespace ?? client.namespace ?? "default",
    close: () => client.close(),
  };
}

/** Asks once for each kind. Owner references are written by others, so the number of kinds is bounded. */
export function rememberKinds(discover: FindKind): FindKind {
  const asked = new Map<string, Promise<Kind | undefined>>();
  return async ({ apiVersion, kind }) => {
    const key = `${groupOf(apiVersion)}/${kind}`;
    const before = asked.get(key);
    if (before !== undefined) return before;
    if (asked.size >= MOST_WORKLOAD_RESOURCES) return undefined;
    const asking = discover({ apiVersion, kind });
    asked.set(key, asking);
    return asking;
  };
}

/** A kubeconfig that cannot be used was chosen wrongly. */
async function connectAs(options: ConnectOptions): Promise<ClusterClient> {
  try {
    const problem = kubeconfigProblem(options, process.env);
    if (problem !== undefined) throw new UsageError(problem);
    return await connect(options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`no cluster to ask: ${why}\nChoose one with --kubeconfig, --context or KUBECONFIG.`);
  }
}
