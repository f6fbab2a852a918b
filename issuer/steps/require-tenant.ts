import type { TenantId } from "../../identity/ids.ts";
import { refusals } from "../../identity/reasons.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";

interface Context {
  readonly request: Pick<HttpRequest, "path">;
  readonly tenantId: TenantId;
}

/** A tenant URL must name this cluster's tenant; SDKs differ in the case they send. A URL without one names none. */
export function requireTenant({ request, tenantId }: Context): object | Refused {
  const given = tenantOf(request.path);
  if (given === undefined || given.toLowerCase() === tenantId.toLowerCase()) return {};
  return new Refused(refusals.TenantUnknown(given.slice(0, 64), tenantId));
}

function tenantOf(path: string): string | undefined {
  return /^\/([^/]+)\/(?:oauth2\/)?v2\.0\//.exec(path)?.[1];
}
