import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type Server } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KeyPair } from "../../../kube/key-pair.ts";
import { issueAuthority, issueServing } from "../../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../../operator/certificates/name-constraints.ts";
import { findTool } from "../../../tools/find-tool.ts";

const run = promisify(execFile);
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const authority = await issueAuthority({ ...validity, domains: domainsOf("cluster.local") });

/** A client that trusts the authority, and asks a server on this machine by a name. Rejects if it refuses the certificate. */
type Client = (port: number, name: string, caFile: string) => Promise<unknown>;

const python = `
import socket, ssl, sys
port, name, ca = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
with socket.create_connection(("127.0.0.1", int(port))) as plain, context.wrap_socket(plain, server_hostname=name): pass
`;

const node: Client = (port, name) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername: name, ca: authority.cert });
    socket.once("error", reject).once("secureConnect", () => resolve(socket.end()));
  });

const clients: readonly (readonly [string, string | undefined, Client])[] = [
  ["Node", process.execPath, node],
  [
    "OpenSSL",
    findTool("openssl"),
    (port, name, ca) => {
      const flags = ["-CAfile", ca, "-servername", name, "-verify_hostname", name, "-verify_return_error"];
      return run("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...flags, "-no_ign_eof"], {
        timeout: 20_000,
      });
    },
  ],
  ["Python", findTool("python3"), (port, name, ca) => run("python3", ["-c", python, String(port), name, ca])],
];

describe.each(clients.filter(([, program]) => program !== undefined))("%s", (_name, _program, ask) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lanyard-chain-"));
    await writeFile(join(folder, "ca.crt"), authority.cert);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const askFor = async (name: string): Promise<unknown> => {
    const server = await serve(await issueServing({ ...validity, authority, dnsNames: [name] }));
    try {
      return await ask((server.address() as AddressInfo).port, name, join(folder, "ca.crt"));
    } finally {
      server.close();
    }
  };

  test.each(["lanyard-issuer.lanyard-system.svc", "orders.shop.svc.cluster.local"])(
    "accepts the authority for %s",
    (name) => expect(askFor(name)).resolves.toBeDefined(),
  );

  test.each(["google.com", "login.microsoftonline.com", "svc.example.com", "xsvc"])("refuses it for %s", (name) =>
    expect(askFor(name)).rejects.toThrow(),
  );
});

function serve({ cert, key }: KeyPair): Promise<Server> {
  const server = createServer({ cert, key }, (socket) => socket.on("error", () => {}).end());
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
