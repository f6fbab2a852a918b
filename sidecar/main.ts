import { systemClock } from "./clock.ts";
import { allDialects, createHandler } from "./handler.ts";
import { createIssuerClient } from "./issuer-client.ts";
import { createProbeHandler } from "./probe-handler.ts";
import { createRefusalLog } from "./refusal-log.ts";
import { parseSettings, type Settings } from "./settings.ts";
import { warmUp } from "./warm-up.ts";

/** The process in the pod. It writes one JSON line when it listens, and at most one a second for refusals. */
function main(settings: Settings): void {
  const { issuerUrl, subjectTokenFile, tenantId } = settings;
  const handler = createHandler({
    dialects: allDialects.filter((dialect) => settings.dialects.includes(dialect.name)),
    endpointHeader: settings.endpointHeader,
    ...(tenantId === undefined ? {} : { tenantId }),
    issuer: createIssuerClient({ url: issuerUrl, readSubjectToken: () => Bun.file(subjectTokenFile).text() }),
    limits: settings.limits,
    onRefusal: createRefusalLog({ clock: systemClock, write: (fields) => console.log(JSON.stringify(fields)) }),
  });

  let ready = false;
  void warmUp(handler, settings.audiences, systemClock).then(() => {
    ready = true;
  });

  // Loopback of the pod's own network namespace: no other pod reaches it.
  const tokens = serve("127.0.0.1", settings.port, handler.handle);
  // The kubelet probes the pod's address.
  const probes =
    settings.probePort === undefined
      ? undefined
      : serve(
          "0.0.0.0",
          settings.probePort,
          createProbeHandler(() => ready),
        );
  console.log(JSON.stringify({ message: "listening", port: tokens.port, probePort: probes?.port }));

  // The first process of a container is not ended by a signal that it does not handle.
  process.on("SIGTERM", () => process.exit(0));
  process.on("SIGINT", () => process.exit(0));
}

function serve(hostname: string, port: number, fetch: (request: Request) => Response | Promise<Response>): BunServer {
  return Bun.serve({ hostname, port, development: false, fetch });
}

const parsed = parseSettings(
  process.env,
  allDialects.map((dialect) => dialect.name),
);
if (parsed.kind === "settings") main(parsed.settings);
else {
  console.error(JSON.stringify({ message: "invalid settings", problems: parsed.problems }));
  process.exit(2);
}
