import { expect, onTestFinished, test } from "vitest";
import { installation } from "../../../identity/names.ts";
import { mutatingWebhookConfigurations, secrets } from "../../../kube/cluster-kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { secretData } from "../../../kube/secret-data.ts";
import { startCertificates } from "../../../operator/certificates/certificates.ts";
import { issueAuthority } from "../../../operator/certificates/issue-certificate.ts";
import { domainsOf } from "../../../operator/certificates/name-constraints.ts";
import { clusterKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";
import { RecordingApi } from "../recording-api.ts";
import { names, namespace, parts } from "./installation.ts";

const domains = domainsOf("cluster.local");
const { webhookServingSecret, issuerServingSecret } = installation;
const now = Date.parse("2026-11-21T12:00:00Z");
const [one, other] = await Promise.all([
  issueAuthority({ domains, notBefore: now, notAfter: now + 1000 }),
  issueAuthority({ domains, notBefore: now, notAfter: now + 1000 }),
]);

async function withCertManager() {
  const clock = new FakeClock();
  const inMemory = new InMemoryApi({ kinds: clusterKinds, clock });
  const api = new RecordingApi(inMemory);
  const expiries = new Map<string, number>();
  const onExpiry = (name: string, notAfter: number): void => void expiries.set(name, notAfter);
  const certificates = startCertificates({
    ...{ api, clock, log: silentLog, namespace, names, mode: "cert-manager", onExpiry },
    clusterDomain: "cluster.local",
  });
  onTestFinished(() => certificates.stop());
  let changes = 0;
  certificates.trustBundle.onChange(() => changes++);
  const give = async (name: string, texts: Record<string, string>): Promise<void> => {
    const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data: secretData(texts) };
    await inMemory.apply(secrets, manifest, { fieldManager: "cert-manager", force: true });
    await settle();
  };
  await certificates.synced;
  return { inMemory, certificates, writes: api.writes, expiries, give, changes: () => changes };
}

test("the trust bundle is what the Secrets name, each authority once", async () => {
  const { certificates, give, changes } = await withCertManager();
  expect(certificates.trustBundle.pem()).toBeUndefined();
  await give(webhookServingSecret, { "ca.crt": one.cert });
  await give(issuerServingSecret, { "ca.crt": one.cert.trim() });
  expect(certificates.trustBundle.pem()).toBe(one.cert);
  await give(issuerServingSecret, { "ca.crt": other.cert });
  expect(parts(certificates.trustBundle.pem())).toEqual([one.cert, other.cert]);
  expect(changes()).toBe(3);
});

test("a Secret that names no authority adds nothing", async () => {
  const { certificates, give } = await withCertManager();
  await give(issuerServingSecret, { "ca.crt": "" });
  expect(certificates.trustBundle.pem()).toBeUndefined();
});

test("nothing is written: cert-manager makes the certificates, and tells the API server of them", async () => {
  const { inMemory, writes, give } = await withCertManager();
  const { apiVersion, kind } = mutatingWebhookConfigurations;
  const webhooks = [{ name: "pods.lanyard.dev", clientConfig: {} }];
  const manifest = { apiVersion, kind, metadata: { name: "lanyard-webhook" }, webhooks };
  await inMemory.create(mutatingWebhookConfigurations, manifest);
  await give(issuerServingSecret, { "ca.crt": one.cert });
  expect(writes).toEqual([]);
});

test("it is told when each ends", async () => {
  const { expiries, give } = await withCertManager();
  await give(issuerServingSecret, { "tls.crt": one.cert, "tls.key": one.key });
  expect([...expiries]).toEqual([[issuerServingSecret, one.notAfter]]);
});
