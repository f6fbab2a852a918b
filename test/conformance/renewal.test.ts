/** An SDK whose token has ended asks again with the same credential object, and gets a new one. */
import { describe, type TestContext, test } from "vitest";
import { startDev } from "../../cli/dev/dev.ts";
import { startClient } from "./client-process.ts";
import type { LanguageName } from "./languages.ts";
import { MovableClock } from "./movable-clock.ts";
import { world } from "./plane-process.ts";
import { sdkClients } from "./sdk-clients.ts";
import { type Granted, granted, type TokenRequest } from "./token-request.ts";
import { verifyToken } from "./verify-token.ts";

const resource = "https://inventory.shop.svc";
const MORE_THAN_A_TOKENS_LIFE = 61 * 60_000;

/** The endpoint serves a token from memory while it has 300 s left. */
const HARDLY_SERVABLE = 301_000;

type Environment = Readonly<Record<string, string>>;
type Plane = { readonly issuerUrl: string; readonly environment: Environment };
type Program = { readonly language: LanguageName; readonly environment: Environment };
type Ask = (request: TokenRequest) => Promise<Granted>;

/**
 * The plane's clock starts so far back that the first token has ended by the SDK's clock, which is the real one. One
 * SDK goes by `expires_in` instead: it believes in those 301 s, so it asks again once they are under 300, though not
 * within 30 s of its last request (DEFAULT_TOKEN_REFRESH_RETRY_DELAY of azure-identity).
 */
describe.concurrent.each(sdkClients)("$title", ({ language, client }) => {
  test("asks again with the same credential when its token has ended, and gets a good one", async (context) => {
    const { expect } = context;
    const clock = new MovableClock(Date.now() - MORE_THAN_A_TOKENS_LIFE);
    const { issuerUrl, environment } = await startPlane(clock, context);
    const first = await tokenOfEndpoint(environment);
    const { exp = 0 } = await verifyToken(first, issuerUrl, resource, new Date(clock.now()));

    clock.moveTo(exp * 1000 - HARDLY_SERVABLE);
    const ask = startAsking({ language, environment }, context);
    const request: TokenRequest = { client, selector: { by: "none" }, resource, reuse: "the same credential" };
    expect((await ask(request)).token).toBe(first);

    clock.moveTo(Date.now());
    const askAgain = async (): Promise<string> => (await ask(request)).token;
    await expect.poll(askAgain, { timeout: 40_000, interval: 500 }).not.toBe(first);
    await verifyToken(await askAgain(), issuerUrl, resource);
  });
});

async function startPlane(clock: MovableClock, { onTestFinished }: TestContext): Promise<Plane> {
  const dev = await startDev({
    files: [world],
    as: [{ by: "serviceAccount", namespace: "shop", name: "has-one" }],
    clock,
    report: () => undefined,
  });
  onTestFinished(() => dev.stop());
  return { issuerUrl: dev.issuerUrl, environment: dev.endpoints[0]?.environment({}) ?? {} };
}

function startAsking({ language, environment }: Program, { onTestFinished }: TestContext): Ask {
  const sdk = startClient(language, environment);
  onTestFinished(() => sdk.close());
  return async (request) => granted(await sdk.ask(request));
}

/** Asks as a plain HTTP client; the endpoint keeps the token in memory, and serves the same one to the SDK. */
async function tokenOfEndpoint({ IDENTITY_ENDPOINT = "", IDENTITY_HEADER = "" }: Environment): Promise<string> {
  const reply = await fetch(`${IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`, {
    headers: { "X-IDENTITY-HEADER": IDENTITY_HEADER },
  });
  const { access_token }: { access_token: string } = JSON.parse(await reply.text());
  return access_token;
}
