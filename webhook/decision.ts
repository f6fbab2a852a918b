import type { Reason } from "../identity/reasons.ts";
import type { PatchOperation } from "./json-patch.ts";

/** What the webhook answers to one request. The outcome is a metric's label. */
export type Decision =
  | {
      readonly kind: "allowed";
      readonly outcome: "injected" | "unchanged" | "skipped" | "valid";
      readonly patch: readonly PatchOperation[];
      readonly warnings: readonly Reason<string>[];
    }
  | { readonly kind: "denied"; readonly reason: Reason<string>; readonly httpStatus: 400 | 403 | 422 | 500 | 503 };
