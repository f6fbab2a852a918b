import { describe, expect, test } from "vitest";
import { tenantId } from "../../../identity/ids.ts";
import { Refused } from "../../../issuer/endpoint.ts";
import { requireTenant } from "../../../issuer/steps/require-tenant.ts";

const own = "91aa6f4e-1c7b-4d60-9f0e-3f1f3a8f7c21";
const at = (path: string) => requireTenant({ request: { path }, tenantId: tenantId(own) });

describe("requireTenant", () => {
  test.each([
    "/oauth2/token",
    `/${own}/oauth2/v2.0/token`,
    `/${own.toUpperCase()}/oauth2/v2.0/token`,
    `/${own}/v2.0/.well-known/openid-configuration`,
  ])("%s is ours", (path) => expect(at(path)).toEqual({}));

  test.each(["/common/oauth2/v2.0/token", `/${own}0/v2.0/.well-known/openid-configuration`])("%s is not", (path) => {
    const refused = at(path);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ refusal: { code: "TenantUnknown" } });
  });
});
