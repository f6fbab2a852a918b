import type { Asked, Dialect, Endpoint } from "../dialect.ts";
import { oauthError } from "../oauth-error.ts";
import { parseTokenQuery } from "../parse-token-query.ts";
import type { Refusal } from "../refusals.ts";
import { refusals } from "../refusals.ts";
import { metadataHeader, onlyGet } from "../rules.ts";
import { azureToken } from "./azure-token.ts";

/**
 * The token endpoint of a virtual machine's Instance Metadata Service.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 * Some SDKs join host and path with one slash too many, or end the path with one.
 */
export const azureImds: Dialect = {
  name: "azure-imds",
  path: /^\/{1,2}metadata\/identity\/(?:oauth2\/token|info)\/?$/,
  rules: [onlyGet, metadataHeader],

  parse({ path, parameters }, endpoint) {
    if (!API_VERSIONS.has(parameters.get("api-version") ?? "")) return refused(refusals.ApiVersionInvalid());
    return path.includes("/info") ? tenant(endpoint) : parseTokenQuery(parameters, NAMES);
  },

  formatToken: azureToken,

  formatRefusal(refusal, traceId) {
    if (refusal.code === "ApiVersionInvalid") {
      return JSON.stringify({ error: refusal.sentence, "newest-versions": NEWEST_VERSIONS });
    }
    // The cloud's word for a resource that it does not know, where RFC 8707 says invalid_target.
    return oauthError(
      refusal.error === "invalid_target" ? { ...refusal, error: "invalid_resource" } : refusal,
      traceId,
    );
  },
};

const NAMES = {
  audience: "resource",
  selectors: {
    client_id: "clientId",
    object_id: "objectId",
    msi_res_id: "resourceId",
    /** MSAL for Java says it so here too. */
    mi_res_id: "resourceId",
  },
} as const;

/** https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#supported-api-versions, from the first with tokens on. */
const API_VERSIONS: ReadonlySet<string> = new Set(
  (
    "2018-02-01 2018-04-02 2018-10-01 2019-02-01 2019-03-11 2019-04-30 2019-06-01 2019-06-04 2019-08-01 2019-08-15 " +
    "2019-11-01 2020-06-01 2020-07-15 2020-09-01 2020-10-01 2020-12-01 2021-01-01 2021-02-01 2021-03-01 2021-05-01 " +
    "2021-10-01 2021-11-01 2021-11-15 2021-12-13 2023-07-01 2023-11-15 2025-04-07"
  ).split(" "),
);
const NEWEST_VERSIONS = [...API_VERSIONS].slice(-3).reverse();

function tenant({ tenantId }: Endpoint): Asked {
  if (tenantId === undefined) return refused(refusals.NotFound());
  return { kind: "document", body: JSON.stringify({ tenantId }) };
}

function refused(refusal: Refusal): Asked {
  return { kind: "refused", refusal };
}
