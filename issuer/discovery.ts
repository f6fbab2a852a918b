import { hash } from "node:crypto";
import { signingAlgorithms } from "../identity/protected-resource.ts";
import { type Handler, type HttpReply, json } from "./http-message.ts";
import { publicKeySet, type SigningKeys } from "./signing-keys.ts";
import { clusterAlgorithms } from "./subject-token.ts";

/** Verifiers may keep what they read for so long. */
const CACHED = "public, max-age=300";

/**
 * OIDC Discovery 1.0 §3 and RFC 8414 §2. Nobody logs in here, so there is no authorization endpoint; some SDKs insist on
 * the member, and get an address that answers 404.
 */
export function discoveryDocument(issuer: string, tenant?: string): object {
  const base = issuer.replace(/\/$/, "");
  const oauth2 = tenant === undefined ? `${base}/oauth2` : `${base}/${tenant}/oauth2/v2.0`;
  return {
    issuer,
    authorization_endpoint: `${oauth2}/authorize`,
    token_endpoint: `${oauth2}/token`,
    jwks_uri: `${base}/keys`,
    introspection_endpoint: `${base}/introspect`,
    response_types_supported: ["token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: signingAlgorithms,
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: clusterAlgorithms,
    grant_types_supported: ["urn:ietf:params:oauth:grant-type:token-exchange", "client_credentials"],
    claims_supported: ["iss", "aud", "sub", "oid", "tid", "appid", "azp", "iat", "nbf", "exp", "jti", "roles"],
  };
}

export function discovery(issuer: string): Handler {
  return cached(discoveryDocument(issuer));
}

export function keySet(keys: SigningKeys): Handler {
  return cached(publicKeySet(keys));
}

/** One reply, made once; a client that has it already gets 304 (RFC 9110 §13.1.2). */
function cached(document: object): Handler {
  const reply = cacheable(document);
  const { etag = "" } = reply.headers;
  return ({ headers }) => (headers["if-none-match"] === etag ? { ...reply, status: 304, body: "" } : reply);
}

export function cacheable(document: object): HttpReply {
  const etag = `"${hash("sha256", JSON.stringify(document), "base64url")}"`;
  return json(200, document, { "cache-control": CACHED, etag });
}
