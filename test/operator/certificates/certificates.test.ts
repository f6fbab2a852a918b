import { X509Certificate } from "node:crypto";
import { describe, expect, onTestFinished, test } from "vitest";
import { installation } from "../../../identity/names.ts";
import {
  mutatingWebhookConfigurations,
  secrets,
  validatingWebhookConfigurations,
} from "../../../kube/cluster-kinds.ts";
import { startInformer } from "../../../kube/informer.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { secretData, secretText } from "../../../kube/secret-data.ts";
import { startCertificates } from "../../../operator/certificates/certificates.ts";
import { permittedDomains } from "../../../operator/certificates/name-constraints.ts";
import { clusterKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";
import { RecordingApi } from "../recording-api.ts";
import { Installation, installed, names, namespace, parts } from "./installation.ts";

const { authoritySecret, webhookServingSecret, issuerServingSecret } = installation;
const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

describe("at the first start", () => {
  test("an authority and a certificate for each Service are made", async () => {
    const it = await installed();
    const authority = new X509Certificate(await it.text(authoritySecret, "tls.crt"));
    for (const secret of [webhookServingSecret, issuerServingSecret]) {
      const service = secret.replace("-serving", "");
      const serving = new X509Certificate(await it.text(secret, "tls.crt"));
      expect(serving.verify(authority.publicKey)).toBe(true);
      const name = `${service}.${namespace}.svc`;
      expect(serving.subjectAltName).toBe(`DNS:${name}, DNS:${name}.cluster.local`);
      expect((await it.secret(secret)).type).toBe("kubernetes.io/tls");
      expect(await it.text(secret, "ca.crt")).toBe(it.trustBundle);
    }
  });

  test("it is told when each ends", async () => {
    const it = await installed();
    const days = [...it.expiries].map(([name, notAfter]) => [name, Math.round((notAfter - it.clock.now()) / DAY)]);
    expect(Object.fromEntries(days)).toEqual({
      [authoritySecret]: 365,
      [webhookServingSecret]: 30,
      [issuerServingSecret]: 30,
    });
  });

  test("nothing is written twice, nor at the next start", async () => {
    const it = new Installation();
    const [first, ...others] = (await it.operator()).writes;
    expect(first).toBe(`create Secret ${namespace}/${authoritySecret}`);
    // Two keys are made at a time, and either may be ready before the other.
    const serving = [webhookServingSecret, issuerServingSecret].map((name) => `create Secret ${namespace}/${name}`);
    expect(others.sort()).toEqual(serving.sort());
    await it.stopOperators();
    expect((await it.operator()).writes).toEqual([]);
  });
});

test("when vaults get a domain, an authority that may sign for it is announced before it signs", async () => {
  const it = await installed();
  const before = it.trustBundle;
  await it.stopOperators();
  await it.operator("vault.example.com");
  const [current, next] = parts(it.trustBundle);
  expect(current).toBe(before);
  expect(permittedDomains(next ?? "")).toEqual(["svc", "svc.cluster.local", "vault.example.com"]);
  await it.advance(HOUR);
  expect(await it.text(authoritySecret, "tls.crt")).toBe(next);
});

describe("in a hand-over", () => {
  test("two operators that find nothing make one authority", async () => {
    const it = new Installation();
    const [one, other] = await Promise.all([it.operator(), it.operator()]);
    await it.idle();
    const authority = new X509Certificate(await it.text(authoritySecret, "tls.crt"));
    expect(parts(it.trustBundle)).toHaveLength(1);
    for (const name of [webhookServingSecret, issuerServingSecret]) {
      expect(new X509Certificate(await it.text(name, "tls.crt")).verify(authority.publicKey)).toBe(true);
    }
    // Both tried: the API server decided.
    const tried = (api: RecordingApi): boolean => api.writes.includes(`create Secret ${namespace}/${authoritySecret}`);
    expect([tried(one), tried(other)]).toEqual([true, true]);
  });

  test("two operators announce one next authority", async () => {
    const it = new Installation();
    await Promise.all([it.operator(), it.operator()]);
    const announced = new Set<string>();
    const { store, stop } = startInformer(it.api, secrets, { clock: it.clock, namespace, name: authoritySecret });
    onTestFinished(stop);
    store.subscribe(({ object }) => announced.add(secretText(object, "next.crt") ?? "none yet"));
    await it.advance(244 * DAY);
    await it.advance(2 * HOUR);
    expect(announced.size).toBe(2);
    expect([...announced][1]).toBe(await it.text(authoritySecret, "tls.crt"));
  });
});

const knownBy = (bundle: readonly string[], serving: string): boolean =>
  bundle.some((pem) => new X509Certificate(serving).verify(new X509Certificate(pem).publicKey));

/** How far the change from one authority to the next has come. */
async function stageOf(it: Installation, old: string): Promise<string> {
  const signer = (await it.text(authoritySecret, "tls.crt")) === old ? "old" : "new";
  return `${parts(it.trustBundle).length} trusted, ${signer} signs`;
}

describe("a change of the authority", () => {
  test("announces, signs, and retires, and every certificate in use is known all the while", async () => {
    const it = await installed();
    const first = await it.text(authoritySecret, "tls.crt");
    const told: string[] = [];
    let read = parts(it.trustBundle);
    while (told.length < 4) {
      // Known to a sidecar that read its bundle before the last step, too.
      expect(knownBy(read, await it.text(issuerServingSecret, "tls.crt"))).toBe(true);
      read = parts(it.trustBundle);
      const state = await stageOf(it, first);
      if (told.at(-1) !== state) told.push(state);
      await it.advance(state === "2 trusted, old signs" ? HOUR / 4 : 2 * DAY);
    }
    expect(told).toEqual([
      "1 trusted, old signs",
      "2 trusted, old signs",
      "2 trusted, new signs",
      "1 trusted, new signs",
    ]);
  });

  test("forgets the key of the authority that no longer signs", async () => {
    const it = await installed();
    const key = await it.text(authoritySecret, "tls.key");
    await it.advance(244 * DAY);
    await it.advance(2 * HOUR);
    const { data = {} } = await it.secret(authoritySecret);
    expect(Object.keys(data).sort()).toEqual(["previous-until", "previous.crt", "tls.crt", "tls.key"]);
    expect(JSON.stringify(data)).not.toContain(Buffer.from(key).toString("base64"));
  });

  test("waits anew in an operator that has just started: the one before may have told nobody", async () => {
    const it = await installed();
    await it.advance(244 * DAY);
    const first = await it.text(authoritySecret, "tls.crt");
    await it.stopOperators();
    await it.clock.advance(10 * HOUR);
    await it.operator();
    await it.advance(HOUR / 2);
    expect(await it.text(authoritySecret, "tls.crt")).toBe(first);
    await it.advance(HOUR);
    expect(await it.text(authoritySecret, "tls.crt")).not.toBe(first);
  });
});

describe("what is damaged is mended", () => {
  test("a certificate is renewed after two thirds of its life", async () => {
    const it = await installed();
    const before = await it.text(webhookServingSecret, "tls.crt");
    await it.advance(19 * DAY);
    expect(await it.text(webhookServingSecret, "tls.crt")).toBe(before);
    await it.advance(2 * DAY);
    expect(await it.text(webhookServingSecret, "tls.crt")).not.toBe(before);
  });

  test("a certificate that was deleted is made again", async () => {
    const it = await installed();
    await it.api.delete(secrets, { namespace, name: issuerServingSecret });
    await it.idle();
    expect(await it.text(issuerServingSecret, "tls.crt")).not.toBe("");
  });

  test.each(["tls.crt", "tls.key", "ca.crt"])("a Secret whose %s was overwritten is written again", async (key) => {
    const it = await installed();
    const manifest = { apiVersion: "v1", kind: "Secret", metadata: { name: issuerServingSecret, namespace } };
    await it.api.apply(
      secrets,
      { ...manifest, data: secretData({ [key]: "rubbish" }) },
      { fieldManager: "x", force: true },
    );
    await it.idle();
    expect(await it.text(issuerServingSecret, key)).not.toBe("rubbish");
    const serving = new X509Certificate(await it.text(issuerServingSecret, "tls.crt"));
    expect(serving.verify(new X509Certificate(it.trustBundle ?? "").publicKey)).toBe(true);
  });

  test("an authority that was deleted is distrusted at once: all is made anew", async () => {
    const it = await installed();
    const before = it.trustBundle;
    await it.api.delete(secrets, { namespace, name: authoritySecret });
    await it.idle();
    expect(parts(it.trustBundle)).toHaveLength(1);
    expect(it.trustBundle).not.toBe(before);
    const serving = new X509Certificate(await it.text(issuerServingSecret, "tls.crt"));
    expect(serving.verify(new X509Certificate(it.trustBundle ?? "").publicKey)).toBe(true);
  });
});

describe.each([mutatingWebhookConfigurations, validatingWebhookConfigurations])("the caBundle of a $kind", (kind) => {
  const inBase64 = (it: Installation): string => Buffer.from(it.trustBundle ?? "").toString("base64");

  test("is filled in, in each of its webhooks, and nothing else is touched", async () => {
    const it = await installed();
    await it.webhooks(kind, { name: "a.lanyard.dev", clientConfig: {} }, { name: "b.lanyard.dev", clientConfig: {} });
    expect(await it.caBundle(kind)).toEqual([inBase64(it), inBase64(it)]);
  });

  test("is put back when somebody removes it", async () => {
    const it = await installed();
    await it.webhooks(kind, { name: "a.lanyard.dev", clientConfig: {} });
    await it.webhooks(kind, { name: "a.lanyard.dev", clientConfig: { caBundle: "" } });
    expect(await it.caBundle(kind)).toEqual([inBase64(it)]);
  });

  test("holds both authorities during a change", async () => {
    const it = await installed();
    await it.webhooks(kind, { name: "a.lanyard.dev", clientConfig: {} });
    await it.advance(244 * DAY);
    expect(parts(it.trustBundle)).toHaveLength(2);
    expect(await it.caBundle(kind)).toEqual([inBase64(it)]);
  });
});

test("an operator that is stopped before it has read anything writes nothing", async () => {
  const api = new RecordingApi(new InMemoryApi({ kinds: clusterKinds, clock: new FakeClock() }));
  const certificates = startCertificates({
    api,
    clock: new FakeClock(),
    log: silentLog,
    namespace,
    names,
    mode: "own",
    clusterDomain: "cluster.local",
  });
  await certificates.stop();
  await settle();
  expect(api.writes).toEqual([]);
});
