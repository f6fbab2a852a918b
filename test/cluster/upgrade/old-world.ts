import { API_VERSION, installation, managedByLanyard, vaultStorage } from "../../../identity/names.ts";
import { secretData } from "../../../kube/secret-data.ts";
import { generateSigningKeySet } from "../../../kube/signing-key-set.ts";
import { unconstrainedAuthority } from "../../operator/certificates/unconstrained-authority.ts";

export const SYSTEM = "lanyard-system";
export const VAULTS = "lanyard-vault";
export const SHOP = "upgrade-shop";
const DAY_MS = 86_400_000;

const lanyard = (kind: string, name: string, spec: object, namespace?: string): object => ({
  ...{ apiVersion: API_VERSION, kind, spec },
  metadata: { name, ...(namespace && { namespace }) },
});
const principal = { managedIdentity: "orders" };

/** What people wrote with version 0.1.0. */
export const objects: readonly object[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "orders", namespace: SHOP } },
  lanyard(
    "ManagedIdentity",
    "orders",
    { subjects: [{ serviceAccount: "orders" }], token: { claims: { team: "shop" } } },
    SHOP,
  ),
  lanyard("ProtectedResource", "stock", { audiences: [`https://stock.${SHOP}.svc`] }, SHOP),
  lanyard("ProtectedResource", "vault", { audiences: [`https://vault.${SHOP}.svc`], vault: {} }, SHOP),
  lanyard("RoleDefinition", "stock-reader", { actions: ["stock/read"] }),
  lanyard(
    "RoleAssignment",
    "reads-sometimes",
    {
      principal,
      roleDefinition: "stock-reader",
      resource: "stock",
      condition: 'request.audience.startsWith("https://stock.")',
    },
    SHOP,
  ),
  lanyard(
    "RoleAssignment",
    "reads",
    { principal, roleDefinition: "stock-reader", expiresAt: "2100-01-01T00:00:00Z" },
    SHOP,
  ),
  lanyard("ClusterRoleAssignment", "reads-all", {
    ...{ principal: { ...principal, namespace: SHOP }, roleDefinition: "stock-reader", scope: "/" },
  }),
  lanyard("TokenRevocation", "stolen", { managedIdentity: "orders" }, SHOP),
];

/** What the processes of version 0.1.0 kept: keys, certificates, and the value of a secret in a vault. */
export async function secrets(): Promise<readonly object[]> {
  const now = Date.now();
  const authority = await unconstrainedAuthority({ notBefore: now - DAY_MS, notAfter: now + 300 * DAY_MS });
  const secret = (namespace: string, name: string, type: string, data: Readonly<Record<string, string>>): object => ({
    ...{ apiVersion: "v1", kind: "Secret", type, data: secretData(data) },
    metadata: { name, namespace, labels: managedByLanyard },
  });
  return [
    secret(SYSTEM, installation.authoritySecret, "Opaque", { "tls.crt": authority.cert, "tls.key": authority.key }),
    secret(SYSTEM, installation.signingKeysSecret, "Opaque", {
      [installation.signingKeysKey]: JSON.stringify(await generateSigningKeySet()),
    }),
    secret(VAULTS, "vault-0123456789012345678901234567890123456789", vaultStorage.secretType, {
      "value.1": "swordfish",
    }),
  ];
}
