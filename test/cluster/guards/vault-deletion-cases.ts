import { annotations } from "../../../identity/names.ts";
import { apply, type GuardCase, may, mayNot, patch, remove } from "./guard-case.ts";
import { keeps, targets, vaultNamespaceTarget } from "./world.ts";

const refusal = "A vault is not deleted by accident";
const confirmed = { metadata: { annotations: { [annotations.allowDeletion]: "true" } } };

export const vaultDeletionCases: readonly GuardCase[] = [
  mayNot("the admin of the shop", "deletes a vault", remove(targets.keeps), refusal),
  mayNot("a cluster administrator", "deletes a vault", remove(targets.keeps), refusal),
  mayNot("the garbage collector", "deletes a vault", remove(targets.keeps), refusal),
  mayNot(
    "the admin of the shop",
    "makes a vault an ordinary resource",
    patch(targets.keeps, { spec: { vault: null } }),
    refusal,
  ),
  mayNot(
    "the admin of the shop",
    "writes an annotation that does not say true",
    patch(targets.keeps, { metadata: { annotations: { [annotations.allowDeletion]: "no" } }, spec: { vault: null } }),
    refusal,
  ),
  may("the admin of the shop", "confirms that a vault may be deleted", patch(targets.keeps, confirmed)),
  may(
    "the admin of the shop",
    "confirms it, and makes the vault an ordinary resource",
    patch(targets.keeps, { ...confirmed, spec: { vault: null } }),
  ),
  may("the admin of the shop", "deletes a vault whose deletion is confirmed", remove(targets.kept)),
  may("the admin of the shop", "deletes a resource that is no vault", remove(targets.vault)),
  may("the shop's pipeline", "applies a vault as it is", apply(keeps)),
  may(
    "the shop's pipeline",
    "keeps deleted secrets longer",
    apply({ ...keeps, spec: { ...keeps.spec, vault: { softDeleteRetention: "90d" } } }),
  ),
  mayNot(
    "a cluster administrator",
    "deletes the namespace of all secrets",
    remove(vaultNamespaceTarget),
    "This namespace holds the secrets of all vaults",
  ),
];
