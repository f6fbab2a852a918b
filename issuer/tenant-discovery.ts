import type { ClusterState } from "./cluster-state.ts";
import { cacheable, discoveryDocument } from "./discovery.ts";
import { endpoint } from "./endpoint.ts";
import { handlerOf, type RefusalSinks } from "./handler.ts";
import type { Handler } from "./http-message.ts";
import type { RequestContext } from "./request-context.ts";
import { requireReady } from "./steps/require-ready.ts";
import { requireTenant } from "./steps/require-tenant.ts";

export interface TenantDiscoveryOptions extends RefusalSinks {
  readonly cluster: Pick<ClusterState, "tenantId">;
  readonly issuer: string;
}

/**
 * Discovery for SDKs that build URLs from a tenant id. The issuer in it is the one that tokens carry, not the tenant's
 * URL, so that a verifier which starts here accepts them.
 */
export function tenantDiscovery(options: TenantDiscoveryOptions): Handler {
  const steps = endpoint<RequestContext>("GET /{tenant}/v2.0/.well-known/openid-configuration")
    .step("require ready", requireReady(options.cluster))
    .step("require tenant", requireTenant);
  return handlerOf(steps, ({ tenantId }) => cacheable(discoveryDocument(options.issuer, tenantId)), options);
}
