import { onTestFinished } from "vitest";
import { type Secret, secrets, type WebhookConfiguration } from "../../../kube/cluster-kinds.ts";
import type { Kind } from "../../../kube/kind.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { secretText } from "../../../kube/secret-data.ts";
import { startCertificates } from "../../../operator/certificates/certificates.ts";
import type { Certificates } from "../../../operator/certificates/context.ts";
import { clusterKinds } from "../../kube/cluster-kinds.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";
import { silentLog } from "../../support/silent-log.ts";
import { RecordingApi } from "../recording-api.ts";

export const namespace = "lanyard-system";

export const names = {
  ...{ webhookService: "lanyard-webhook", issuerService: "lanyard-issuer" },
  ...{ mutatingWebhookConfiguration: "lanyard-webhook", validatingWebhookConfiguration: "lanyard-webhook" },
};

/** An installation namespace, and operators that look after its certificates. */
export class Installation {
  readonly clock = new FakeClock();
  readonly api = new InMemoryApi({ kinds: clusterKinds, clock: this.clock });
  readonly expiries = new Map<string, number>();
  #running: Certificates[] = [];

  /** Another operator, beside those that run already, as in a hand-over. */
  async operator(vaultDomain?: string): Promise<RecordingApi> {
    const api = new RecordingApi(this.api);
    const onExpiry = (name: string, notAfter: number): void => void this.expiries.set(name, notAfter);
    const certificates = startCertificates({
      ...{ api, clock: this.clock, log: silentLog, namespace, names, mode: "own", onExpiry },
      ...{ clusterDomain: "cluster.local", vaultDomain },
    });
    onTestFinished(() => certificates.stop());
    this.#running.push(certificates);
    await this.idle();
    return api;
  }

  async stopOperators(): Promise<void> {
    await Promise.all(this.#running.map((certificates) => certificates.stop()));
    this.#running = [];
  }

  get trustBundle(): string | undefined {
    return this.#running[0]?.trustBundle.pem();
  }

  /** One write is the next event, a turn of the event loop later; what lost a race is tried again in a second. */
  async idle(): Promise<void> {
    for (let round = 0; round < 5; round++) {
      await this.clock.advance(200);
      await Promise.all(this.#running.map((certificates) => certificates.idle()));
      await settle();
    }
  }

  async advance(milliseconds: number): Promise<void> {
    await this.clock.advance(milliseconds);
    await this.idle();
  }

  secret(name: string): Promise<Secret> {
    return this.api.get(secrets, { namespace, name });
  }

  async text(name: string, key: string): Promise<string> {
    return secretText(await this.secret(name), key) ?? "";
  }

  async webhooks<T extends WebhookConfiguration>(kind: Kind<T>, ...webhooks: object[]): Promise<void> {
    const manifest = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name: "lanyard-webhook" }, webhooks };
    await this.api.apply(kind, manifest, { fieldManager: "helm", force: true });
    await this.idle();
  }

  async caBundle(kind: Kind<WebhookConfiguration>): Promise<(string | undefined)[]> {
    const { webhooks = [] } = await this.api.get(kind, { name: "lanyard-webhook" });
    return webhooks.map(({ clientConfig }) => clientConfig.caBundle);
  }
}

export async function installed(): Promise<Installation> {
  const it = new Installation();
  await it.operator();
  return it;
}

/** The certificates of a bundle. */
export const parts = (bundle: string | undefined): string[] =>
  (bundle ?? "").match(/-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n/g) ?? [];
