import { InvalidArgumentError, Option } from "commander";
import type { Clock } from "../../kube/clock.ts";
import {
  type Discovered,
  discoverWorkloads,
  MOST_WORKLOAD_RESOURCES,
  type WorkloadResource,
} from "../../kube/custom-workloads.ts";
import type { Kind } from "../../kube/kind.ts";
import type { Log } from "../../kube/log.ts";

const form = /^([a-z\d-]{1,63})\.([a-z\d-]+(?:\.[a-z\d-]+)+)$/;

/** `--workload rollouts.argoproj.io`, repeatable: kinds besides Kubernetes' own whose objects own pods. */
export function workloadOption(): Option {
  return new Option(
    "--workload <resource.group>",
    "a kind whose objects own pods, such as rollouts.argoproj.io (repeatable)",
  )
    .argParser((text: string, before: readonly WorkloadResource[]) => [...before, parseResource(text, before.length)])
    .default([], "none");
}

function parseResource(text: string, before: number): WorkloadResource {
  const [, resource, apiGroup] = form.exec(text) ?? [];
  if (resource === undefined || apiGroup === undefined) throw new InvalidArgumentError("Expected RESOURCE.GROUP.");
  if (before >= MOST_WORKLOAD_RESOURCES) throw new InvalidArgumentError(`At most ${MOST_WORKLOAD_RESOURCES} kinds.`);
  return { apiGroup, resource };
}

interface Discovering {
  readonly raw: (path: string) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

const LOOK_AGAIN_MS = 60_000;

/** The kinds of the resources as the API server serves them now: a CRD may come, go, or change its version. */
export interface WorkloadDiscovery {
  readonly kinds: () => readonly Kind[];
  stop(): void;
}

/** Resolves after the first look; looks again each minute, and calls `onChange` when another set of kinds is served. */
export async function watchDiscovery(
  resources: readonly WorkloadResource[],
  { raw, clock, log }: Discovering,
  onChange: () => void = () => {},
): Promise<WorkloadDiscovery> {
  let kinds: readonly Kind[] = [];
  let said = "";
  let cancel = (): void => {};
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      const found = await discoverWorkloads(raw, resources);
      kinds = found.kinds;
      said = report(found, said, log);
    } catch (err) {
      log.warn({ err }, "The API server does not say which kinds of workloads it serves; what was known stays in use.");
    }
  };
  const again = async (): Promise<void> => {
    const before = textOf(kinds);
    await look();
    if (isStopped) return;
    if (textOf(kinds) !== before) onChange();
    cancel = clock.after(LOOK_AGAIN_MS, () => void again());
  };
  await look();
  if (resources.length > 0) cancel = clock.after(LOOK_AGAIN_MS, () => void again());
  return {
    kinds: () => kinds,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

const textOf = (kinds: readonly Kind[]): string => kinds.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).join();

/** Says each reason once. */
function report({ left }: Discovered, said: string, log: Log): string {
  const text = JSON.stringify(left);
  if (text === said || left.length === 0) return text;
  log.warn({ workloads: left }, "Some kinds of the chart value workloads are not watched.");
  return text;
}
