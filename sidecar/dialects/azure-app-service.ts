import type { Dialect } from "../dialect.ts";
import { parseTokenQuery } from "../parse-token-query.ts";
import { refusals } from "../refusals.ts";
import { endpointHeader, onlyGet } from "../rules.ts";
import { azureToken } from "./azure-token.ts";

/**
 * The token endpoint of App Service, which SDKs of all languages find by IDENTITY_ENDPOINT and IDENTITY_HEADER alone.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const azureAppService: Dialect = {
  name: "azure-app-service",
  path: /^\/{1,2}msi\/token\/?$/,
  rules: [onlyGet, endpointHeader],

  parse({ parameters }) {
    if (parameters.get("api-version") !== "2019-08-01") {
      return { kind: "refused", refusal: refusals.InvalidRequest("Query variable 'api-version' must be 2019-08-01.") };
    }
    return parseTokenQuery(parameters, NAMES);
  },

  formatToken: azureToken,

  formatRefusal: (refusal, traceId) =>
    JSON.stringify({
      statusCode: refusal.status,
      message: refusal.sentence,
      correlationId: traceId,
      code: refusal.code,
    }),
};

const NAMES = {
  audience: "resource",
  selectors: {
    client_id: "clientId",
    object_id: "objectId",
    /** The object id's older name; older Go clients still send it. */
    principal_id: "objectId",
    mi_res_id: "resourceId",
  },
} as const;
