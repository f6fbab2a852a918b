import { installation } from "../../identity/names.ts";
import { type Secret, secrets } from "../../kube/cluster-kinds.ts";
import { readKeyPair, TLS_CA } from "../../kube/key-pair.ts";
import { secretText } from "../../kube/secret-data.ts";
import { watchObject } from "../../kube/watched-object.ts";
import type { Certificates, CertificatesOptions } from "./context.ts";

/** Certificates that cert-manager makes and renews; what is left to do is to say which authorities they are known by. */
export function watchGivenCertificates(options: CertificatesOptions): Certificates {
  const { namespace, names, onExpiry = () => {} } = options;
  const { webhookServingSecret, issuerServingSecret, vaultServingSecret } = installation;
  const ofVault = names.vaultService === undefined ? [] : [vaultServingSecret];
  const given = [webhookServingSecret, issuerServingSecret, ...ofVault].map((name) =>
    watchObject(options, secrets, { namespace, name }),
  );
  for (const { get, key, onChange } of given) {
    onChange(() => {
      const secret = get();
      const pair = secret && readKeyPair(secret);
      if (pair !== undefined) onExpiry(key.name, pair.notAfter);
    });
  }
  const synced = Promise.all(given.map((secret) => secret.synced)).then(() => {});
  return {
    trustBundle: {
      pem: () => joined(given.map(({ get }) => get())),
      onChange: (listener) => {
        for (const { onChange } of given) onChange(listener);
      },
    },
    synced,
    idle: () => synced,
    async stop() {
      await Promise.all(given.map((secret) => secret.stop()));
    },
  };
}

/** Each authority once; undefined when no Secret names one. */
function joined(given: readonly (Secret | undefined)[]): string | undefined {
  const texts = given.flatMap((secret) => (secret && secretText(secret, TLS_CA)?.trim()) || []);
  return texts.length === 0 ? undefined : `${[...new Set(texts)].join("\n")}\n`;
}
