/** An application in a pod, with the unmodified JavaScript SDK. What it reads and prints: ../README.md. */
import { setTimeout as sleep } from "node:timers/promises";
import { DefaultAzureCredential } from "@azure/identity";
import { decodeJwt, type JWTPayload } from "jose";

interface Answer {
  readonly claims: JWTPayload;
  readonly status?: number;
  readonly body?: string;
}

type GetToken = (audience: string) => Promise<string>;

const { AUDIENCE = "", TARGET_URL, IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" } = process.env;
const INTERVAL_MILLISECONDS = 200;
const ASKS_A_LINE = 5;

const fromSdk: GetToken = async (audience) =>
  (await new DefaultAzureCredential().getToken(`${audience}/.default`)).token;

/** The SDK serves a token from memory, to a new credential too; the endpoint is asked each time. */
const fromEndpoint: GetToken = async (audience) => {
  const url = `${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`;
  const response = await fetch(url, { headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER } });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { access_token } = (await response.json()) as { readonly access_token: string };
  return access_token;
};

async function ask(getToken: GetToken): Promise<Answer> {
  const token = await getToken(AUDIENCE);
  const claims = decodeJwt(token);
  if (!TARGET_URL) return { claims };
  const response = await fetch(TARGET_URL, { headers: { authorization: `Bearer ${token}` } });
  return { claims, status: response.status, body: await response.text() };
}

function failureOf({ status, body }: Answer): string | undefined {
  return status === undefined || status === 200 ? undefined : `${status} ${body}`;
}

async function once(): Promise<void> {
  const answer = await ask(fromSdk);
  print(answer);
  if (failureOf(answer) !== undefined) process.exitCode = 1;
}

async function loop(getToken: GetToken): Promise<never> {
  let failed = 0;
  let error: string | undefined;
  for (let asked = 1; ; asked += 1) {
    const failure = await ask(getToken).then(failureOf, wordsOf);
    if (failure !== undefined) failed += 1;
    error = failure ?? error;
    if (asked % ASKS_A_LINE === 0) print({ asked, failed, error });
    await sleep(INTERVAL_MILLISECONDS);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const print = (line: object): void => console.log(JSON.stringify(line));

const modes: Readonly<Record<string, () => Promise<void>>> = {
  once,
  loop: () => loop(fromSdk),
  endpoint: () => loop(fromEndpoint),
};

// The first process of a container ignores the signal otherwise.
process.once("SIGTERM", () => process.exit());
try {
  const run = modes[process.argv[2] ?? ""];
  if (run === undefined) throw new Error(`usage: app ${Object.keys(modes).join("|")}`);
  await run();
} catch (error) {
  print({ error: wordsOf(error) });
  process.exitCode = 1;
}
