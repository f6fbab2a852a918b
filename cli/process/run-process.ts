import { once } from "node:events";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import type { Clock } from "../../kube/clock.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { type Check, Health } from "./health.ts";
import { createLoggers } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { createOperationsServer } from "./operations-server.ts";
import type { ProcessOptions } from "./options.ts";
import { drain, listen } from "./servers.ts";
import { WatchActivity } from "./watch-activity.ts";

/** What a process of the control plane is given. */
export interface ProcessContext extends Pick<ClusterClient, "api" | "raw" | "serverVersion"> {
  readonly clock: Clock;
  readonly log: Log;
  /** For audit records alone; `--log-level` does not silence it. */
  readonly auditLog: Log;
  readonly metrics: Metrics;
  readonly namespace: string;
  /** The pod's name. */
  readonly instance: string;
  /** Says what keeps the process from its work until something else is said: in the log, and to who asks `/readyz`. */
  readonly waitFor: (what: string) => void;
  /** From its start on, the process is ready as long as every check finds nothing. */
  readonly readyIf: (check: Check) => void;
  /** The process is live as long as every check finds nothing. A check must not fail while the API server is away. */
  readonly liveIf: (check: Check) => void;
  /** Whether it was asked to end: a connection that is answered then should not be kept. */
  readonly isEnding: () => boolean;
  /** Ends the process with an error, to be started again by the kubelet. */
  readonly fail: (error: unknown) => void;
}

/** A part of the control plane that does its work. */
export interface Running {
  /** Called once nothing new is routed here. */
  stop(): Promise<void>;
}

/** Resolves once it does its work: from then on its checks say whether it is ready. */
type Start = (context: ProcessContext) => Promise<Running>;

interface Identification {
  readonly name: string;
  readonly version: string;
  readonly options: ProcessOptions;
}

/** Endpoints are taken out of Services at the same time as the process is asked to end: until they are, it still answers. */
const UNTIL_UNROUTED_MS = 5_000;

/** Runs one process until it is asked to end, or cannot go on. */
export async function runProcess({ name, version, options }: Identification, start: Start): Promise<never> {
  const { log, auditLog } = createLoggers(name, options.logLevel);
  const metrics = createMetrics(name, version);
  const interrupted = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]).then(() => "interrupted");
  const failed = Promise.withResolvers<"failed">();
  const fail = (err: unknown): void => {
    log.error({ err }, "The process cannot go on and ends.");
    failed.resolve("failed");
  };

  const health = new Health(systemClock, log);
  health.waitFor("the client of the API server");
  const watchActivity = new WatchActivity(systemClock);
  health.liveIf(() => watchActivity.problem());
  const operations = createOperationsServer({ registry: metrics.registry, health });
  log.info({ version, operationsPort: await listen(operations, options.operationsPort) }, "Started.");

  const client = await connect({
    ...options,
    version,
    onUnreadable: ({ kind, key, error: err }) =>
      log.warn(
        { kind: kind.kind, key, err },
        "An object is left out: the API server holds it in a form that cannot be read.",
      ),
  });
  const instance = hostname();
  const context = {
    ...client,
    api: watchActivity.observe(client.api),
    ...{ clock: systemClock, log, auditLog, metrics, namespace: options.namespace, instance, fail },
    isEnding: () => health.isEnding(),
    waitFor: (what: string) => health.waitFor(what),
    readyIf: (check: Check) => health.readyIf(check),
    liveIf: (check: Check) => health.liveIf(check),
  };
  const starting = start(context).then((running) => {
    health.started();
    return running;
  });
  starting.catch(fail);
  const end = await Promise.race([interrupted, failed.promise]);
  if (end === "failed") process.exit(1);

  health.end();
  log.info({}, "Asked to end: answering until nothing is routed here any more.");
  await sleep(UNTIL_UNROUTED_MS);
  await Promise.race([starting.then((running) => running.stop()), sleep(UNTIL_UNROUTED_MS)]);
  await drain(operations);
  await client.close();
  process.exit(0);
}
