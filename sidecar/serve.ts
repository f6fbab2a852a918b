import { systemClock } from "./clock.ts";
import { directFetch } from "./direct-fetch.ts";
import { Drain } from "./drain.ts";
import { allDialects, createHandler } from "./handler.ts";
import { createIssuerClient } from "./issuer-client.ts";
import { issuerRoute } from "./issuer-route.ts";
import { countForeignSockets } from "./pod-sockets.ts";
import { createProbeHandler } from "./probe-handler.ts";
import { Readiness } from "./readiness.ts";
import { createRefusalLog } from "./refusal-log.ts";
import { type SecretFiles, startSecretFiles } from "./secret-files/secret-files.ts";
import type { SecretFilesSettings } from "./secret-files/secret-files-settings.ts";
import { secretsDirectory } from "./secret-files/secrets-directory.ts";
import { createVaultClient, type GetToken } from "./secret-files/vault-client.ts";
import type { Settings } from "./settings.ts";
import { createStatusHandler } from "./status.ts";
import { TrustBundle } from "./trust-bundle.ts";
import { trustingFetch } from "./trusting-fetch.ts";
import { warmUp } from "./warm-up.ts";

const write = (fields: object): void => console.log(JSON.stringify(fields));
const read = (file: string): Promise<string> => Bun.file(file).text();

const readToken = (file: string): Promise<string> =>
  read(file).catch(() => Promise.reject(new Error(`the pod's ServiceAccount token cannot be read at ${file}`)));

/** Serves tokens until the container is stopped. Writes a JSON line when it listens, one for each reason to wait, and at most one a second for refusals. */
export function serve(settings: Settings): void {
  const { audiences, issuerUrl, issuerCaFile, subjectTokenFile, tenantId } = settings;
  const send =
    issuerCaFile === undefined ? directFetch : trustingFetch(new TrustBundle({ file: issuerCaFile, read, write }));
  const handler = createHandler({
    dialects: allDialects.filter((dialect) => settings.dialects.includes(dialect.name)),
    endpointHeader: settings.endpointHeader,
    ...(tenantId === undefined ? {} : { tenantId }),
    issuer: createIssuerClient({
      ...{ url: issuerUrl, readSubjectToken: () => readToken(subjectTokenFile) },
      fetch: issuerRoute({ send, clock: systemClock, address: settings.issuerAddress }),
    }),
    limits: settings.limits,
    onRefusal: createRefusalLog({ clock: systemClock, write }),
  });
  const readiness = new Readiness(write);
  const onWaiting = readiness.waitFor.bind(readiness);
  const files = keepSecretFiles(settings.secretFiles, handler.tokenFor, send);
  void warmUp({ handler, audiences, clock: systemClock, onWaiting })
    .then(async () => (await files)?.untilPlaced(onWaiting))
    .then(() => readiness.markReady());

  // Loopback of the pod's own network namespace: no other pod reaches it.
  const { endpointHeader } = settings;
  const ownStatus = createStatusHandler({ endpointHeader, waiting: () => readiness.waiting });
  const drain = settings.drainSeconds === undefined ? undefined : startDrain(settings.drainSeconds);
  const tokens = listen("127.0.0.1", settings.port, (request) => {
    const status = ownStatus(request);
    if (status !== undefined) return status;
    drain?.noteRequest();
    return handler.handle(request);
  });
  const probes = serveProbes(settings, readiness);
  write({ message: "listening", port: tokens.port, probePort: probes?.port });

  // The first process of a container is not ended by a signal that it does not handle.
  process.on("SIGINT", () => end(readiness));
  process.on("SIGTERM", () => {
    if (drain === undefined || readiness.waiting !== undefined) end(readiness);
    write({ message: "draining" });
    void drain.untilApplicationEnded().then(() => end(readiness));
  });
}

function startDrain(limitSeconds: number): Drain {
  const countSockets = async () => countForeignSockets(await import("node:fs/promises"));
  const drain = new Drain({ clock: systemClock, limitSeconds, countSockets });
  void drain.watch();
  return drain;
}

/** From the start, whatever the gate waits for: what an earlier run left in the pod may have to go. */
async function keepSecretFiles(
  settings: SecretFilesSettings | undefined,
  getToken: GetToken,
  send: typeof fetch,
): Promise<SecretFiles | undefined> {
  if (settings === undefined) return undefined;
  // Costs memory that a pod without secrets need not pay.
  const functions = await import("node:fs/promises");
  return startSecretFiles({
    settings,
    vault: createVaultClient({ getToken, fetch: send, clock: systemClock }),
    directory: secretsDirectory(settings.directory, settings.mode, functions),
    ...{ clock: systemClock, random: Math.random },
    onChange: ({ file, state, reason }) => write({ message: "secret file", file, state, ...reason }),
  });
}

/** The kubelet probes the pod's address, which is IPv6 or IPv4; a kernel without IPv6 has no `::`. */
function serveProbes({ probePort, probeHost }: Settings, readiness: Readiness): BunServer | undefined {
  if (probePort === undefined) return undefined;
  const handle = createProbeHandler(() => readiness.waiting);
  if (probeHost !== undefined) return listen(probeHost, probePort, handle);
  try {
    return listen("::", probePort, handle);
  } catch {
    return listen("0.0.0.0", probePort, handle);
  }
}

function listen(hostname: string, port: number, fetch: (request: Request) => Response | Promise<Response>): BunServer {
  return Bun.serve({ hostname, port, development: false, fetch });
}

/**
 * The kubelet stops a container whose gate failed, and shows the end of its log where the exit code is an error:
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
function end(readiness: Readiness): never {
  readiness.report();
  process.exit(readiness.waiting === undefined ? 0 : 1);
}
