import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { createTlsServer } from "../../http/server.ts";
import { type Secret, secrets } from "../../kube/cluster-kinds.ts";
import { secretData } from "../../kube/secret-data.ts";
import { issueAuthority, issueServing, newPrivateKey } from "../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../operator/certificates/name-constraints.ts";
import { vaultErrorBody } from "../../vault/http.ts";
import { vaultLimits } from "../../vault/limits.ts";
import { sniCertificates } from "../../vault/sni-certificates.ts";
import { vaultAtService } from "../../vault/vault-address.ts";
import { silentLog } from "../support/silent-log.ts";

const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 };
const OWN = "lanyard-vault.lanyard-system.svc";
const HOST = "payments-vault.payments.svc";

/** A server whose own certificate is for its Service, and a Secret with certificates that a test replaces. */
async function serving() {
  const authority = await issueAuthority({ ...validity, domains: domainsOf("cluster.local") });
  const own = await issueServing({ ...validity, authority, dnsNames: [OWN] });
  const listeners: (() => void)[] = [];
  let current: Secret | undefined;
  const secret = { get: () => current, onChange: (listener: () => void) => void listeners.push(listener) };
  const certificateFor = sniCertificates(secret, vaultAtService("cluster.local", "vault.example.com"), silentLog);
  const server = createTlsServer(own, { errorBody: vaultErrorBody, certificateFor }, () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    certificateFor,
    /** Puts a certificate of a new key into the Secret for each host. */
    async hold(...hosts: readonly string[]): Promise<void> {
      const key = await newPrivateKey();
      const texts: Record<string, string> = { "tls.key": key };
      for (const host of hosts) {
        const dnsNames = [host, `${host}.cluster.local`];
        texts[host] = (await issueServing({ ...validity, authority, dnsNames, key })).cert;
      }
      set({ type: "Opaque", data: secretData(texts) });
    },
    set,
    /** The names of the certificate that a client gets, and its length; the handshake is verified but for the name. */
    async shown(servername: string) {
      const socket = connect({
        host: "127.0.0.1",
        port,
        servername,
        ca: authority.cert,
        checkServerIdentity: () => undefined,
      });
      await once(socket, "secureConnect");
      const { subjectaltname = "", raw } = socket.getPeerCertificate();
      socket.destroy();
      return { names: subjectaltname.replaceAll("DNS:", ""), bytes: raw.length };
    },
  };

  function set(content: Pick<Secret, "type" | "data">): void {
    const metadata = { namespace: "lanyard-system", name: "c", uid: "u", resourceVersion: "1", creationTimestamp: "" };
    current = secrets.parse({ apiVersion: "v1", kind: "Secret", metadata, ...content });
    for (const listener of listeners) listener();
  }
}

test("a client gets the certificate of the vault that it asks for, by any of its names", async () => {
  const { hold, shown } = await serving();
  await hold(HOST, "other.payments.svc");
  const names = `${HOST}, ${HOST}.cluster.local`;
  expect((await shown(HOST)).names).toBe(names);
  expect((await shown(`${HOST}.cluster.local`)).names).toBe(names);
  expect((await shown(HOST.toUpperCase())).names).toBe(names);
  expect((await shown("payments-vault.payments.vault.example.com")).names).toBe(names);
  expect((await shown("other.payments.svc")).names).toBe("other.payments.svc, other.payments.svc.cluster.local");
});

test("any other name gets the server's own certificate", async () => {
  const { hold, shown } = await serving();
  expect((await shown(HOST)).names).toBe(OWN);
  await hold(HOST);
  for (const name of ["tls.key", "payments.svc", "none.payments.svc", "x.example.com", "lanyard-vault"]) {
    expect((await shown(name)).names).toBe(OWN);
  }
});

test("a certificate is as long with hundreds of vaults as with one", async () => {
  const { hold, shown } = await serving();
  await hold(HOST);
  const alone = (await shown(HOST)).bytes;
  await hold(HOST, ...Array.from({ length: 120 }, (_, at) => `vault-${at}.team-${at}.svc`));
  expect(Math.abs((await shown(HOST)).bytes - alone)).toBeLessThan(8);
});

test("a new certificate is shown from the next connection on, and an unusable one is not", async () => {
  const { hold, set, shown, certificateFor } = await serving();
  await hold(HOST);
  const before = certificateFor(HOST);
  expect(certificateFor(HOST)).toBe(before);
  await hold(HOST, "new.payments.svc");
  expect(certificateFor(HOST)).not.toBe(before);
  expect((await shown("new.payments.svc")).names).toContain("new.payments.svc");
  set({ type: "Opaque", data: secretData({ "tls.key": "none", [HOST]: "none" }) });
  expect((await shown(HOST)).names).toBe(OWN);
});

test("no more certificates are held ready than the limit says", async () => {
  const { hold, certificateFor } = await serving();
  const hosts = Array.from({ length: vaultLimits.certificatesInMemory + 1 }, (_, at) => `vault-${at}.payments.svc`);
  await hold(...hosts);
  const contexts = hosts.map((host) => certificateFor(host));
  expect(certificateFor(hosts.at(-1) ?? "")).toBe(contexts.at(-1));
  expect(certificateFor(hosts[0] ?? "")).not.toBe(contexts[0]);
});
