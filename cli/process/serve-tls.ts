import type { Server } from "node:https";
import type { ErrorBody } from "../../http/client-error.ts";
import type { Listener } from "../../http/connections.ts";
import { createTlsServer, type NamedServing, useCertificate } from "../../http/server.ts";
import { watchServingCertificate } from "../../kube/serving-certificate.ts";
import type { ServingOptions } from "./options.ts";
import type { ProcessContext } from "./run-process.ts";
import { drain, listen } from "./servers.ts";

interface Serving {
  readonly context: ProcessContext;
  /** The Secret with the certificate. */
  readonly name: string;
  readonly options: Pick<ServingOptions, "port" | "connections" | "connectionsPerAddress">;
  /** How the server's protocol says that a request is not valid HTTP. */
  readonly errorBody: ErrorBody;
  /** The certificate for a name that clients ask for, where there are several. */
  readonly certificateFor?: NamedServing["certificateFor"];
}

export interface TlsServing {
  readonly server: Server;
  stop(): Promise<void>;
}

const connectionsOf = ({ connections, connectionsPerAddress }: Serving["options"]) => ({
  connections,
  connectionsPerAddress,
});

/** Waits for the certificate, serves with it, and takes the next one when it comes; connections stay. */
export async function serveTls(
  { context, name, options, errorBody, certificateFor }: Serving,
  listener: Listener,
): Promise<TlsServing> {
  const { api, clock, log, metrics, namespace } = context;
  const certificates = watchServingCertificate({ api, clock, log, namespace, name });
  context.waitFor(`Secret ${name} with a certificate`);
  const first = await certificates.first;
  const server = createTlsServer(
    first,
    { errorBody, clock, certificateFor, limits: connectionsOf(options) },
    (request, response) => {
      if (context.isEnding()) response.setHeader("connection", "close");
      listener(request, response);
    },
  );
  let { notAfter: end } = first;
  const tell = (notAfter: number): void => {
    end = notAfter;
    metrics.certificateExpiry.set({ certificate: name }, notAfter / 1000);
  };
  context.readyIf(() => (clock.now() < end ? undefined : `the certificate of Secret ${name} has expired`));
  tell(first.notAfter);
  const unsubscribe = certificates.onChange((certificate) => {
    useCertificate(server, certificate);
    tell(certificate.notAfter);
    log.info({ name, notAfter: new Date(certificate.notAfter).toISOString() }, "Serving with a new certificate.");
  });
  log.info({ port: await listen(server, options.port) }, "Serving.");
  return {
    server,
    async stop() {
      unsubscribe();
      await Promise.all([drain(server), certificates.stop()]);
    },
  };
}
