import * as functions from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { annotations, environment } from "../../identity/names.ts";
import { readSecretFiles } from "../../identity/secret-files.ts";
import type { Clock } from "../../kube/clock.ts";
import { startSecretFiles } from "../../sidecar/secret-files/secret-files.ts";
import { secretsDirectory } from "../../sidecar/secret-files/secrets-directory.ts";
import { createVaultClient } from "../../sidecar/secret-files/vault-client.ts";
import type { CleanUp } from "./clean-up.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Report } from "./reports.ts";
import { vaultFetch } from "./vault-fetch.ts";
import type { Vaults } from "./vaults.ts";

/** The secrets of one pod in files, as its sidecar keeps them in a cluster. */
export interface PlacedSecretFiles {
  readonly environment: Readonly<Record<string, string>>;
  /** Ends what keeps them, and takes them away. */
  remove(): Promise<void>;
}

export interface PlacingOptions {
  readonly endpoint: Pick<Endpoint, "pod" | "getToken">;
  /** Undefined: none are served in this run. */
  readonly vaults: Pick<Vaults, "at"> | undefined;
  readonly clock: Clock;
  readonly report: Report;
  /** Takes them away at the latest when the run ends, also while some are still waited for. */
  readonly cleanUp: Pick<CleanUp, "add">;
}

const NONE: PlacedSecretFiles = { environment: {}, remove: async () => {} };
/** The program runs as the same person. */
const MODE = 0o400;
const POLL_SECONDS = 10;

/** Puts what the pod's annotation asks for into a private directory; fulfilled once each file has been there. */
export async function placeSecretFiles({
  endpoint,
  vaults,
  clock,
  report,
  cleanUp,
}: PlacingOptions): Promise<PlacedSecretFiles> {
  const { namespace, annotations: written = {} } = endpoint.pod().metadata;
  const asked = readSecretFiles(written[annotations.secretFiles] ?? "", namespace);
  // What cannot be read was told of when the file was.
  if (asked.kind === "problem") return NONE;
  if (vaults === undefined) {
    report({ event: "notice", message: `${annotations.secretFiles} has no effect without --vault` });
    return NONE;
  }
  const hosts = new Map(
    asked.files.map(({ namespace: of, vault }) => [`${vault}.${of}.svc`, { namespace: of, name: vault }]),
  );
  const addressOf = (host: string) => {
    const key = hosts.get(host);
    return key && vaults.at(key);
  };
  const directory = await mkdtemp(join(tmpdir(), "lanyard-secrets-"));
  const files = startSecretFiles({
    settings: {
      files: asked.files.map(({ file, vault, namespace: of, secret, version }) => {
        return { file, vaultUrl: `https://${vault}.${of}.svc`, secret, version };
      }),
      pollSeconds: POLL_SECONDS,
    },
    vault: createVaultClient({ getToken: endpoint.getToken, fetch: vaultFetch(addressOf), clock }),
    directory: secretsDirectory(directory, MODE, functions),
    ...{ clock, random: Math.random },
    onChange: ({ file, state, reason }) => {
      const why = reason === undefined ? "" : `: ${reason.code}: ${reason.sentence}`;
      report({ event: "notice", message: `secret file ${file} ${state}${why}` });
    },
  });
  const remove = async (): Promise<void> => {
    files.stop();
    await rm(directory, { recursive: true, force: true });
  };
  cleanUp.add(remove);
  let isTold = false;
  await files.untilPlaced(({ code, sentence }) => {
    if (isTold || code === "SecretNotAsked") return;
    isTold = true;
    report({
      event: "notice",
      message: `the program is not started before its secret files are there: ${sentence}${firstValueHint(code)}`,
    });
  });
  return { environment: { [environment.secretsDirectory]: directory }, remove };
}

const firstValueHint = (code: string): string =>
  code === "SecretNotFound" ? " (give it a first value: --secret NAMESPACE/VAULT/NAME=FILE)" : "";
