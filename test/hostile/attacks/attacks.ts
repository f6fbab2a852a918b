import type { Attack } from "../attack.ts";
import { issuerAttacks } from "./issuer-attacks.ts";
import { operatorAttacks } from "./operator-attacks.ts";
import { sidecarAttacks } from "./sidecar-attacks.ts";
import { vaultAttacks } from "./vault-attacks.ts";
import { webhookAttacks } from "./webhook-attacks.ts";

/** Every attack. Those that fill the cluster with objects come last, so that the others start from a small one. */
export const attacks: readonly Attack[] = [
  ...[...sidecarAttacks, ...webhookAttacks, ...issuerAttacks, ...vaultAttacks, ...operatorAttacks],
].toSorted((a, b) => Number(a.leavesTraces ?? false) - Number(b.leavesTraces ?? false));
