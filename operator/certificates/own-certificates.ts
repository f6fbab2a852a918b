import { installation } from "../../identity/names.ts";
import {
  mutatingWebhookConfigurations,
  type Secret,
  secrets,
  validatingWebhookConfigurations,
} from "../../kube/cluster-kinds.ts";
import { type WatchedObject, watchObject } from "../../kube/watched-object.ts";
import { startQueue } from "../reconcile-queue.ts";
import { type Authorities, readAuthorities, trustBundle } from "./authorities.ts";
import type { Certificates, CertificatesContext, CertificatesOptions, Keep, VaultHosts } from "./context.ts";
import { keepAuthority } from "./keep-authority.ts";
import { keepCaBundle } from "./keep-ca-bundle.ts";
import { keepServing } from "./keep-serving.ts";
import { keepVaultCertificates } from "./keep-vault-certificates.ts";
import { defaultLifetimes } from "./lifetimes.ts";
import { serviceNames } from "./service-names.ts";

/** Certificates of vaults that come and go together are written at once. */
const BATCH_MS = 1_000;

/** Something to keep in order, and the object that it is. */
interface Kept {
  readonly name: string;
  readonly object: Pick<WatchedObject<Secret>, "onChange" | "synced" | "stop">;
  readonly keep: Keep;
}

/** A certificate authority of our own, the certificates that it signs, and the webhook configurations that name it. */
export function startOwnCertificates(options: CertificatesOptions): Certificates {
  const { clock, lifetimes = defaultLifetimes, onExpiry = () => {} } = options;
  const context = { ...options, lifetimes, onExpiry };
  const authority = watchSecret(options, installation.authoritySecret);
  const authorities = readOnce(authority);
  const all = [
    { name: authority.key.name, object: authority, keep: keepAuthority(context, authority) },
    ...keptByAuthority(context, options, authorities),
  ];

  const queue = startQueue(options, "certificates", async (name) => {
    const until = await all.find((kept) => kept.name === name)?.keep();
    if (until !== undefined) queue.addAfter(name, until - clock.now());
  });
  const addAll = (): void => {
    for (const { name } of all) queue.add(name);
  };
  const synced = Promise.all(all.map(({ object }) => object.synced)).then(() => {
    authority.onChange(addAll);
    for (const { name, object } of all) object.onChange(() => queue.add(name));
    options.vaultHosts?.onChange(() => queue.addAfter(installation.vaultCertificatesSecret, BATCH_MS));
    addAll();
  });

  return {
    trustBundle: {
      pem: () => {
        const now = authorities();
        return now && trustBundle(now);
      },
      onChange: (listener) => authority.onChange(listener),
    },
    synced,
    async idle() {
      await synced;
      await queue.idle();
    },
    async stop() {
      // First: an informer that is stopped counts as synced, and an empty store as a cluster without certificates.
      await queue.stop();
      await Promise.all(all.map(({ object }) => object.stop()));
    },
  };
}

function keptByAuthority(
  context: CertificatesContext,
  options: CertificatesOptions,
  authorities: () => Authorities | undefined,
): Kept[] {
  const { namespace, names, clusterDomain, vaultHosts } = options;
  const serving = (name: string, service: string, otherNames?: "keep"): Kept => {
    const secret = watchSecret(options, name);
    const dnsNames = (): string[] => serviceNames(service, namespace, clusterDomain);
    return { name, object: secret, keep: keepServing(context, { secret, dnsNames, otherNames }, authorities) };
  };
  const ofVaults = (hosts: VaultHosts): Kept => {
    const secret = watchSecret(options, installation.vaultCertificatesSecret);
    return {
      name: secret.key.name,
      object: secret,
      keep: keepVaultCertificates(context, { secret, hosts }, authorities),
    };
  };
  const configured = (kind: typeof mutatingWebhookConfigurations, name: string): Kept => {
    const object = watchObject(options, kind, { name });
    return { name: `${kind.kind} ${name}`, object, keep: keepCaBundle(context, kind, object, authorities) };
  };
  return [
    serving(installation.webhookServingSecret, names.webhookService),
    serving(installation.issuerServingSecret, names.issuerService),
    ...(names.vaultService === undefined || vaultHosts === undefined
      ? []
      : [
          // An earlier version put the names of all vaults into it: its processes show it until they are replaced.
          serving(installation.vaultServingSecret, names.vaultService, "keep"),
          ofVaults(vaultHosts),
        ]),
    configured(mutatingWebhookConfigurations, names.mutatingWebhookConfiguration),
    configured(validatingWebhookConfigurations, names.validatingWebhookConfiguration),
  ];
}

const watchSecret = (options: CertificatesOptions, name: string): WatchedObject<Secret> =>
  watchObject(options, secrets, { namespace: options.namespace, name });

/** Reading keys costs something, and who asks for the trust bundle asks often: each version of the Secret is read once. */
function readOnce(authority: WatchedObject<Secret>): () => Authorities | undefined {
  let last: { readonly secret: Secret | undefined; readonly authorities: Authorities | undefined } | undefined;
  return () => {
    const secret = authority.get();
    if (last === undefined || last.secret !== secret) last = { secret, authorities: secret && readAuthorities(secret) };
    return last.authorities;
  };
}
