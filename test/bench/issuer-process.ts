/**
 * The real issuer behind TLS, in a process of its own that its parent pins to a core. Its one argument is a folder with
 * `key.pem` and `cert.pem`; it writes there what clients send: `subject-token`, and the forms of token exchanges by all
 * pods, one a line, in `RS256.forms` and `ES256.forms`.
 */
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createTlsServer } from "../../http/server.ts";
import { auditToLog } from "../../issuer/audit.ts";
import { startIssuer } from "../../issuer/issuer.ts";
import { oauthErrorBody } from "../../issuer/oauth-error.ts";
import { defaultIssuerSettings, type IssuerSettings } from "../../issuer/settings.ts";
import { generateSigningKeys } from "../../issuer/signing-keys.ts";
import { systemClock } from "../../kube/clock.ts";
import type { Log } from "../../kube/log.ts";
import { CLUSTER_ISSUER, ClusterTokens } from "../support/cluster-tokens.ts";
import { audiences, benchWorld } from "./issuer-world.ts";

export type IssuerMessage =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "memory"; readonly issued: number; readonly rssBytes: number; readonly heapBytes: number };

/** What the parent sends. */
export interface SampleMemory {
  readonly everyTokens: number;
}

const folder = process.argv[2] ?? ".";
const unlimited = { perSecond: 1e9, burst: 1e9 };
const settings: IssuerSettings = {
  ...defaultIssuerSettings,
  rateLimits: {
    tokensPerPod: unlimited,
    tokensPerNamespace: unlimited,
    decisionsPerPod: unlimited,
    decisionsPerNamespace: unlimited,
    requestsPerAddress: unlimited,
    failedAuthenticationsPerAddress: unlimited,
    selfIntrospectionsPerAddress: unlimited,
  },
};

const { world, pods } = await benchWorld();
const clusterTokens = await ClusterTokens.create(systemClock);
const subjectTokens = await Promise.all(pods.map(({ pod, account }) => clusterTokens.mintPodToken(pod, account)));
writeFileSync(join(folder, "subject-token"), subjectTokens[0] ?? "");
for (const [algorithm, audience] of Object.entries(audiences)) {
  const forms = subjectTokens.map((token) => tokenExchange(token, audience));
  writeFileSync(join(folder, `${algorithm}.forms`), `${forms.join("\n")}\n`);
}

// Written as in production, but to nowhere: what happens to the lines is not the issuer's work.
const lines = createWriteStream("/dev/null");
const write = (fields: object, message: string): void =>
  void lines.write(`${JSON.stringify({ ...fields, message })}\n`);
const log: Log = { info: write, warn: write, error: write };
const audit = auditToLog(log);
let issued = 0;
let sampleEvery = Number.POSITIVE_INFINITY;

const pem = (name: string): string => readFileSync(join(folder, `${name}.pem`), "utf8");
const certificate = { key: pem("key"), cert: pem("cert"), notAfter: Number.POSITIVE_INFINITY };
const server = createTlsServer(certificate, { errorBody: oauthErrorBody }, (request, response) =>
  issuer.listener(request, response),
);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const issuer = startIssuer({
  api: world.api,
  clock: systemClock,
  log,
  audit(record) {
    audit(record);
    if (record.decision === "issued" && ++issued % sampleEvery === 0) tell(memory());
  },
  url: `https://localhost:${port}`,
  clusterTokens: {
    keys: async () => clusterTokens.keySet,
    current: async () => CLUSTER_ISSUER,
    review: async () => false,
  },
  signingKeys: await generateSigningKeys(),
  settings,
});
server.on("request", issuer.listener);
await issuer.synced;

process.on("message", ({ everyTokens }: SampleMemory) => {
  issued = 0;
  sampleEvery = everyTokens;
  tell(memory());
});
process.on("disconnect", () => process.exit());
tell({ kind: "ready", port });

function tokenExchange(subjectToken: string, audience: string): string {
  return new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subjectToken,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience,
  }).toString();
}

function memory(): IssuerMessage {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { kind: "memory", issued, rssBytes: rss, heapBytes: heapUsed };
}

function tell(message: IssuerMessage): void {
  process.send?.(message);
}
