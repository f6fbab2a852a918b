import type { KubeApi } from "../../kube/api.ts";
import { type ClusterClient, type ConnectOptions, connect } from "../../kube/client/connect.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { keyText } from "../../kube/kind.ts";
import { UsageError } from "../usage-error.ts";
import { kubeconfigProblem } from "./kubeconfig-problem.ts";
import type { ConnectionOptions } from "./options.ts";
import { RequestingApi } from "./requesting-api.ts";

/** What a command works with: a cluster, and somebody who waits for the answer. */
export interface Session {
  readonly api: KubeApi;
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
    clock: systemClock,
    namespace: namespace ?? client.namespace ?? "default",
    close: () => client.close(),
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
