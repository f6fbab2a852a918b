import { type Received, type VaultWorld, vaultWorld } from "./vault-world.ts";

export const outcome = ({ status, body }: Received): string => `${status} ${body.error?.code ?? "answered"}`;

/** A vault with one secret in it, and a token of somebody who may do everything. */
export async function attacked(): Promise<VaultWorld & { readonly admin: string }> {
  const it = await vaultWorld();
  const admin = await it.tokenOf("payments/admin");
  await it.ask("PUT /secrets/db-password", { token: admin, body: { value: "hunter2" } });
  return { ...it, admin };
}
