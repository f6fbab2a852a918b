import { createServer, get, type RequestOptions, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { secrets } from "../../kube/cluster-kinds.ts";
import { type KeyPair, TLS_CERT, TLS_KEY } from "../../kube/key-pair.ts";
import type { Log } from "../../kube/log.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { secretData } from "../../kube/secret-data.ts";
import { type ServingCertificateWatch, watchServingCertificate } from "../../kube/serving-certificate.ts";
import { issueAuthority, issueServing } from "../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../operator/certificates/name-constraints.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";

const domains = domainsOf("cluster.local");
const YEAR = 365 * 24 * 3_600_000;
// A TLS client goes by the machine's clock.
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + YEAR };
const [oldAuthority, newAuthority] = await Promise.all([
  issueAuthority({ ...validity, domains }),
  issueAuthority({ ...validity, domains }),
]);
const issue = (authority: KeyPair): Promise<KeyPair> =>
  issueServing({ authority, dnsNames: ["lanyard-issuer.lanyard-system.svc"], ...validity });

function world() {
  const clock = new FakeClock();
  const api = new InMemoryApi({ kinds: [secrets], clock });
  const warnings: string[] = [];
  const log: Log = { info() {}, warn: (_fields, message) => void warnings.push(message), error() {} };
  const watch = watchServingCertificate({ api, clock, log, namespace: "system", name: "serving" });
  onTestFinished(() => watch.stop());
  const store = async (name: string, { cert, key }: Pick<KeyPair, "cert" | "key">): Promise<void> => {
    const metadata = { name, namespace: "system" };
    const data = secretData({ [TLS_CERT]: cert, [TLS_KEY]: key });
    const manifest = { apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls", data };
    await api.apply(secrets, manifest, { fieldManager: "test", force: true });
    await settle();
  };
  return { api, watch, store, warnings };
}

/** As the processes serve: each new certificate is for connections from then on. */
async function serve(watch: ServingCertificateWatch): Promise<number> {
  const server = createServer(await watch.first, (_request, response) => response.end("served"));
  watch.onChange((certificate) => server.setSecureContext(certificate));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => closed(server));
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** What a client gets that trusts these authorities: the body, or why it does not trust the server. */
function ask(port: number, ca: string): Promise<string> {
  const options: RequestOptions = {
    host: "127.0.0.1",
    port,
    ca,
    servername: "lanyard-issuer.lanyard-system.svc",
    agent: false,
  };
  return new Promise((resolve) => {
    get(options, (reply) => reply.setEncoding("utf8").on("data", resolve)).on("error", (error) =>
      resolve("code" in error ? String(error.code) : error.message),
    );
  });
}

const UNTRUSTED = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";

test("a server that runs shows the new certificate, and a client that knows both authorities notices nothing", async () => {
  const { watch, store } = world();
  await store("serving", await issue(oldAuthority));
  const port = await serve(watch);
  const both = oldAuthority.cert + newAuthority.cert;
  expect(await ask(port, oldAuthority.cert)).toBe("served");
  expect(await ask(port, newAuthority.cert)).toBe(UNTRUSTED);
  expect(await ask(port, both)).toBe("served");

  await store("serving", await issue(newAuthority));
  expect(await ask(port, both)).toBe("served");
  expect(await ask(port, newAuthority.cert)).toBe("served");
  expect(await ask(port, oldAuthority.cert)).toBe(UNTRUSTED);
});

test("the first certificate may come late", async () => {
  const { watch, store } = world();
  let isThere = false;
  const first = watch.first.then((certificate) => {
    isThere = true;
    return certificate;
  });
  await store("another", await issue(oldAuthority));
  expect(isThere).toBe(false);
  const pair = await issue(oldAuthority);
  await store("serving", pair);
  expect(await first).toMatchObject({ cert: pair.cert, key: pair.key });
});

test("what is unreadable or gone replaces nothing, and the log says so", async () => {
  const { api, watch, store, warnings } = world();
  const changes: unknown[] = [];
  await store("serving", await issue(oldAuthority));
  await watch.first;
  watch.onChange((certificate) => changes.push(certificate));
  const [{ cert }, { key }] = [await issue(oldAuthority), await issue(oldAuthority)];
  await store("serving", { cert, key });
  await api.delete(secrets, { namespace: "system", name: "serving" });
  await settle();
  expect(changes).toEqual([]);
  expect(warnings).toEqual(["The Secret holds no certificate with its key, so the last one stays in use."]);
});

test("the same certificate again is no change", async () => {
  const { api, watch, store } = world();
  await store("serving", await issue(oldAuthority));
  await watch.first;
  const changes: unknown[] = [];
  watch.onChange((certificate) => changes.push(certificate));
  const metadata = { name: "serving", namespace: "system", labels: { touched: "yes" } };
  await api.apply(secrets, { apiVersion: "v1", kind: "Secret", metadata }, { fieldManager: "somebody" });
  await settle();
  expect(changes).toEqual([]);
});

test("who listens no longer is not called", async () => {
  const { watch, store } = world();
  await store("serving", await issue(oldAuthority));
  await watch.first;
  const changes: unknown[] = [];
  watch.onChange((certificate) => changes.push(certificate))();
  await store("serving", await issue(newAuthority));
  expect(changes).toEqual([]);
});
