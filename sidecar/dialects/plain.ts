import type { Dialect } from "../dialect.ts";
import { oauthError } from "../oauth-error.ts";
import { parseTokenQuery } from "../parse-token-query.ts";
import { metadataOrEndpointHeader, onlyGet } from "../rules.ts";

/** For programs with no cloud SDK: `GET /token?audience=…`, answered in the words of RFC 6749 §5.1 and §5.2. */
export const plain: Dialect = {
  name: "plain",
  path: /^\/token$/,
  rules: [onlyGet, metadataOrEndpointHeader],

  parse: ({ parameters }) => parseTokenQuery(parameters, NAMES),

  formatToken: (token, _query, now) =>
    JSON.stringify({
      access_token: token.jwt,
      token_type: "Bearer",
      expires_in: token.expiresAt - now,
      expires_on: token.expiresAt,
      client_id: token.clientId,
    }),

  formatRefusal: oauthError,
};

const NAMES = {
  audience: "audience",
  selectors: { client_id: "clientId", object_id: "objectId", resource_id: "resourceId" },
} as const;
