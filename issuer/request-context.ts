import type { AuditNotes } from "./audit.ts";
import type { HttpRequest } from "./http-message.ts";

/** What every endpoint starts with. */
export interface RequestContext {
  readonly request: HttpRequest;
  /** Filled by the steps, for the audit record of whatever comes out. */
  readonly notes: AuditNotes;
}
