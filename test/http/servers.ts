import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Listener } from "../../http/connections.ts";
import { createPlainServer, createTlsServer, type Serving } from "../../http/server.ts";
import { issueAuthority, issueServing } from "../../operator/certificates/issue-certificate.ts";

const now = Date.now();
const validity = { notBefore: now - 60_000, notAfter: now + 3_600_000 };
const serving: Serving = { errorBody: ({ sentence }) => JSON.stringify({ sentence }) };

/** Serves until the test ends; returns the port. */
export function plainServer(wished: Partial<Serving>, listener: Listener): Promise<number> {
  return listening(createPlainServer({ ...serving, ...wished }, listener));
}

export async function tlsServer(wished: Partial<Serving>, listener: Listener): Promise<number> {
  const authority = await issueAuthority({ ...validity, domains: ["localhost"] });
  const certificate = await issueServing({ authority, dnsNames: ["localhost"], ...validity });
  return listening(createTlsServer(certificate, { ...serving, ...wished }, listener));
}

async function listening(server: Server | TlsServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
