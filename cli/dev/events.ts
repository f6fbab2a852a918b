import type { TokenRecord } from "../../identity/audit-records.ts";
import type { VaultAuditRecord } from "../../vault/audit.ts";
import type { Problem } from "./manifest-file.ts";

/** All that `lanyard dev` has to say, as values: a line for a person, or a line of JSON for a program (`-o json`). */
export type DevEvent =
  | { readonly event: "started"; readonly issuer: string; readonly tenantId: string }
  | {
      readonly event: "identities";
      readonly identities: readonly IdentityRow[];
    }
  | {
      readonly event: "endpoint";
      readonly as: string;
      readonly url: string;
      readonly environment: Readonly<Record<string, string>>;
    }
  | {
      readonly event: "vault";
      readonly vault: string;
      readonly url: string;
      readonly environment: Readonly<Record<string, string>>;
    }
  /** `mended` where the files had problems before: all of them are applied again. */
  | { readonly event: "applied"; readonly changes: readonly Change[]; readonly mended?: true }
  | { readonly event: "identity"; readonly change: "appeared" | "deleted"; readonly identity: IdentityRow }
  | {
      readonly event: "condition";
      readonly object: string;
      readonly ready: boolean;
      readonly reason: string;
      readonly message: string;
    }
  | { readonly event: "problems"; readonly problems: readonly Problem[] }
  | { readonly event: "token"; readonly as: string; readonly record: TokenRecord }
  | { readonly event: "secret"; readonly record: VaultAuditRecord }
  | {
      readonly event: "refused";
      readonly as: string;
      readonly code: string;
      readonly sentence: string;
      readonly audience?: string;
    }
  | { readonly event: "notice"; readonly message: string }
  /** All that there is at the start has been told; what follows happens now. */
  | { readonly event: "ready" };

export interface IdentityRow {
  readonly name: string;
  readonly type: "UserAssigned" | "SystemAssigned";
  readonly clientId: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly usedBy: readonly string[];
}

export interface Change {
  readonly action: "created" | "configured" | "deleted";
  readonly object: string;
}
