import type { TestCluster } from "../cluster/test-cluster.ts";
import type { Plane, ProcessName } from "./plane.ts";
import type { Answered } from "./send.ts";
import type { World } from "./world.ts";

/** What an attack is given: everything that a tenant knows, and the administrator's way to write what a tenant may write. */
export interface Arena extends Pick<Plane, "ports" | "operationsPorts" | "ca" | "endpointHeader"> {
  readonly cluster: TestCluster;
  readonly world: World;
}

export interface Attack {
  /** The row of the fault list, or `parser` for generated input. */
  readonly row: string;
  readonly title: string;
  readonly target: ProcessName;
  /** What the tenant writes before, and how the cluster is left: the bystander is measured while it lasts, too. */
  readonly prepare?: (arena: Arena) => Promise<unknown>;
  /** One round, with the reply to it. It is repeated until the time is over; a connection that the target closes is no error. */
  readonly play: (arena: Arena, round: number) => Promise<Answered | undefined>;
  /** Statuses of which at least one reply must have one: others show that the attack never reached what it attacks. */
  readonly reaches?: readonly number[];
  /** Rounds at the same time. */
  readonly lanes: number;
  /** Whether the target's memory holds what the attack left behind, so that the next attack starts with a new process. */
  readonly leavesTraces?: boolean;
}
