import { type TenantId, tenantId } from "../../identity/ids.ts";
import type { ManagedIdentity } from "../../identity/managed-identity.ts";

/** For client ids, where nothing is asked of these: so any id does as long as the operator has not written the tenant's. */
export const tenantOf = ({ metadata, status }: ManagedIdentity): TenantId => tenantId(status?.tenantId ?? metadata.uid);
