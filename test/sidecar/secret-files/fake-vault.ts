import { type FileChange, KeptFile } from "../../../sidecar/secret-files/kept-file.ts";
import type { SecretFile } from "../../../sidecar/secret-files/secret-file.ts";
import type { SecretsDirectory } from "../../../sidecar/secret-files/secrets-directory.ts";
import type { VaultClient } from "../../../sidecar/secret-files/vault-client.ts";
import type { VaultReply } from "../../../sidecar/secret-files/vault-reply.ts";
import { FakeClock } from "../../support/fake-clock.ts";

export const SECRET: SecretFile = {
  file: "db-password",
  vaultUrl: "https://payments-vault.payments.svc",
  secret: "db-password",
  version: undefined,
};

/** A version of the secret; its tag is of its id. */
export function valued(value: string, id = value): VaultReply {
  return { kind: "value", value, id, tag: `"${id}"` };
}

export const refused: VaultReply = { kind: "refused", reason: { code: "Forbidden", sentence: "No right to it." } };
export const down: VaultReply = {
  kind: "unavailable",
  reason: { code: "VaultUnavailable", sentence: "The vault cannot be used." },
  retryAfterSeconds: 0,
};

/** A directory in memory, which can be full. */
export class FakeDirectory implements SecretsDirectory {
  readonly files = new Map<string, string>();
  writes = 0;
  isFull = false;

  async write(file: string, content: Uint8Array): Promise<void> {
    if (this.isFull) throw new Error("no space left");
    this.writes++;
    this.files.set(file, new TextDecoder("utf-8", { ignoreBOM: true }).decode(content));
  }

  async remove(file: string): Promise<void> {
    this.files.delete(file);
  }

  async clear(): Promise<void> {}
}

/** A vault that says what the test tells it to. */
export class FakeVault implements VaultClient {
  answer: VaultReply = down;
  readonly tags: (string | undefined)[] = [];

  async read(_file: SecretFile, tag: string | undefined): Promise<VaultReply> {
    this.tags.push(tag);
    return this.answer;
  }
}

/** One file whose vault, directory and clock the test holds. */
export function keptFile() {
  const [vault, directory, clock] = [new FakeVault(), new FakeDirectory(), new FakeClock()];
  const changes: FileChange[] = [];
  const common = { vault, directory, clock, random: () => 0.999, pollSeconds: 10 };
  const kept = new KeptFile({
    ...{ ...common, file: SECRET },
    onChange: (change) => changes.push(change),
    onLooked: () => {},
  });
  /** Until every look that is due by then has been taken. */
  const later = (milliseconds = 10_000): Promise<void> => clock.advance(milliseconds);
  return { ...common, kept, changes, later, states: () => changes.map(({ state }) => state) };
}
