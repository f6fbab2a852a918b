import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import { installation } from "../identity/names.ts";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import { type Secret, secrets } from "../kube/cluster-kinds.ts";
import type { Log } from "../kube/log.ts";
import { secretText } from "../kube/secret-data.ts";
import { watchObject } from "../kube/watched-object.ts";
import { importSigningKeys, type SigningKeys } from "./signing-keys.ts";

interface StoredSigningKeysOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
  /** Of the Secret; only this one is read. */
  readonly name: string;
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The keys that the operator made. Waits until the Secret holds them, however long: an issuer cannot sign without. */
export async function readSigningKeys(options: StoredSigningKeysOptions): Promise<SigningKeys> {
  const { log, namespace, name } = options;
  const watched = watchObject(options, secrets, { namespace, name });
  const { promise, resolve } = Promise.withResolvers<SigningKeys>();
  watched.onChange(() => {
    const secret = watched.get();
    if (secret !== undefined) void read(secret).then(resolve, complain);
  });
  // The error may quote what it could not parse, and that is a private key.
  const complain = (): void =>
    log.error({ secret: name }, "The Secret holds no keys to sign with: delete it, and restart the operator.");
  try {
    return await promise;
  } finally {
    await watched.stop();
  }
}

async function read(secret: Secret): Promise<SigningKeys> {
  const keySet: JSONWebKeySet = keySetSchema.parse(JSON.parse(secretText(secret, installation.signingKeysKey) ?? ""));
  return importSigningKeys(keySet);
}
