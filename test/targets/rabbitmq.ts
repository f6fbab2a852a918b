import { join } from "node:path";
import { type Child, runToEnd, startChild } from "./child.ts";
import { copyConfigured } from "./configured.ts";
import { freePort } from "./free-port.ts";
import { programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { type PrivateFolder, privateFolder } from "./private-folder.ts";
import { isOutcome, type Outcome, type RunningTarget } from "./target.ts";

export interface RunningRabbitMq extends RunningTarget {
  readonly port: number;
  readonly presentAt: (vhost: string, token: string) => Promise<Outcome>;
}

const example = join(examples, "rabbitmq");

/** A broker of its own: nothing of a broker that the machine may run otherwise, not even the port mapper of its Erlang. */
export async function startRabbitMq(issuer: string): Promise<RunningRabbitMq> {
  const folder = await privateFolder();
  const [port, distributionPort, portMapperPort] = [await freePort(), await freePort(), await freePort()];
  await configure(folder, issuer);
  const env = environment(folder, { port, distributionPort, portMapperPort });
  const portMapper = await startChild([programs.epmd, "-d", "-port", String(portMapperPort)], { env }, /epmd running/);
  const broker = await startChild([programs.rabbitmq], { env, cwd: folder.path }, /Server startup complete/);
  const presentAt = (vhost: string, token: string): Promise<Outcome> => present(port, vhost, token);
  return {
    port,
    presentAt,
    present: (token) => presentAt("shop", token),
    client: () => [programs.python, join(example, "client.py"), "publish", String(port)],
    isRunning: broker.isRunning,
    stop: () => stop(folder, [broker, portMapper]),
  };
}

async function configure({ path }: PrivateFolder, issuer: string): Promise<void> {
  await copyConfigured(join(example, "rabbitmq.conf"), path, { "definitions.json": join(path, "definitions.json") });
  await copyConfigured(join(example, "advanced.config"), path, { "http://127.0.0.1:8400": issuer });
  await copyConfigured(join(example, "definitions.json"), path, {});
  await copyConfigured(join(example, "enabled_plugins"), path, {});
}

interface Ports {
  readonly port: number;
  readonly distributionPort: number;
  readonly portMapperPort: number;
}

/** https://www.rabbitmq.com/docs/configure#supported-environment-variables */
function environment({ path }: PrivateFolder, { port, distributionPort, portMapperPort }: Ports): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    // Where Erlang keeps the cookie of this node.
    HOME: path,
    LANG: "C.UTF-8",
    ERL_EPMD_PORT: String(portMapperPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: `lanyard-${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_CONFIG_FILE: join(path, "rabbitmq.conf"),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(path, "advanced.config"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(path, "enabled_plugins"),
    RABBITMQ_MNESIA_BASE: join(path, "mnesia"),
    RABBITMQ_LOG_BASE: join(path, "log"),
    RABBITMQ_LOGS: "-",
  };
}

/** Shows a token as a password to the broker, and publishes. */
async function present(port: number, vhost: string, token: string): Promise<Outcome> {
  const script = join(import.meta.dirname, "rabbitmq/present.py");
  const env = { PATH: process.env.PATH, TOKEN: token };
  const { output } = await runToEnd([programs.python, script, String(port), vhost], { env });
  const outcome = output.trim();
  if (!isOutcome(outcome)) throw new Error(output);
  return outcome;
}

async function stop(folder: PrivateFolder, inOrder: readonly Child[]): Promise<void> {
  for (const child of inOrder) await child.stop();
  await folder.remove();
}
