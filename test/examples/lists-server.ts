import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deflateSync } from "node:zlib";
import { CompactSign, type CryptoKey } from "jose";
import { onTestFinished } from "vitest";
import { generateSigningKeys, publicKeySet, type SigningKeys } from "../../issuer/signing-keys.ts";

export const AUDIENCE = "https://vault.payments.svc";
/** Where the list is as well, for who follows a redirect. */
export const MOVED = "/moved";
const ONE_BIT = 1;

/** What is served as a status list, where it is not what an issuer would serve, and what a token says. */
export interface Forgery {
  readonly typ?: string;
  readonly claims?: object;
  readonly bits?: Uint8Array;
  /** The token's place, which JSON leaves out when it is undefined. */
  readonly idx?: unknown;
  /** Instead of its own. */
  readonly key?: SigningKeys;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the token says that the list is, instead of where it is. */
  readonly uri?: string;
  readonly token?: TokenForgery;
}

interface TokenForgery {
  readonly typ?: string;
  readonly claims?: object;
  readonly key?: SigningKeys;
  /** With a key that the issuer publishes too. */
  readonly signature?: "EdDSA";
}

interface Signer {
  readonly algorithm: string;
  readonly kid: string;
  readonly privateKey: CryptoKey | KeyObject;
}

/** An issuer of which everything can be false. */
export interface ListsServer {
  readonly url: string;
  readonly token: string;
  readonly lists: () => number;
}

export async function listsServer(forgery: Forgery = {}): Promise<ListsServer> {
  const keys = await generateSigningKeys();
  const edDsa = { algorithm: "EdDSA", kid: "ed", ...generateKeyPairSync("ed25519") };
  const published = { keys: [...publicKeySet(keys).keys, { ...edDsa.publicKey.export({ format: "jwk" }), kid: "ed" }] };
  let lists = 0;
  const server = createServer(async (request, response) => {
    if (request.url === "/keys") return response.end(JSON.stringify(published));
    lists += 1;
    const status = request.url === MOVED ? 200 : (forgery.status ?? 200);
    response.writeHead(status, { "cache-control": "max-age=30", ...forgery.headers });
    return response.end(await listJwt(url, (forgery.key ?? keys).ES256, forgery));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const signer = forgery.token?.signature === undefined ? (forgery.token?.key ?? keys).ES256 : edDsa;
  return { url, token: await accessToken(url, signer, forgery), lists: () => lists };
}

const now = (): number => Math.floor(Date.now() / 1000);
const uriAt = (url: string): string => `${url}/status-lists/one`;

function listJwt(url: string, signer: Signer, { typ = "statuslist+jwt", claims, bits }: Forgery): Promise<string> {
  const lst = deflateSync(bits ?? new Uint8Array(16)).toString("base64url");
  const own = { iss: url, sub: uriAt(url), iat: now(), exp: now() + 60, status_list: { bits: ONE_BIT, lst } };
  return signed({ ...own, ...claims }, typ, signer);
}

function accessToken(url: string, signer: Signer, forgery: Forgery): Promise<string> {
  const { idx, uri, token: { typ = "at+jwt", claims } = {} } = { idx: 5, uri: uriAt(url), ...forgery };
  const times = { iat: now() - 10, exp: now() + 3600 };
  const status = { status_list: { idx, uri } };
  return signed({ iss: url, aud: AUDIENCE, sub: "orders", ...times, status, ...claims }, typ, signer);
}

function signed(claims: object, typ: string, { algorithm, kid, privateKey }: Signer): Promise<string> {
  const jws = new CompactSign(Buffer.from(JSON.stringify(claims)));
  return jws.setProtectedHeader({ alg: algorithm, kid, typ }).sign(privateKey);
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new TypeError("the server has no port");
  return address.port;
}
