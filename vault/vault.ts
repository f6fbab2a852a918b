import type { IncomingMessage, ServerResponse } from "node:http";
import type { KubeApi } from "../kube/api.ts";
import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import type { VaultAudit } from "./audit.ts";
import type { Authority } from "./authority.ts";
import type { VaultSettings } from "./settings.ts";

export interface VaultOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: VaultAudit;
  readonly authority: Authority;
  readonly settings: VaultSettings;
}

export interface Vault {
  /** Fulfilled once requests are answered; until then each gets 503. */
  readonly synced: Promise<void>;
  readonly isReady: () => boolean;
  /** For an HTTPS server with `serverLimits`: clients of Key Vault talk to no other. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  stop(): Promise<void>;
}
