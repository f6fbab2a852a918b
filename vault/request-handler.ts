import type { Clock } from "../kube/clock.ts";
import type { Log } from "../kube/log.ts";
import { StatusError } from "../kube/status-error.ts";
import { TokenBuckets } from "../kube/token-bucket.ts";
import type { VaultAudit } from "./audit.ts";
import { type AuditNotes, auditRecord, noteCaller, noteOperation } from "./audit-record.ts";
import { type Authenticated, authenticate, unauthorized, unavailable } from "./authenticate.ts";
import type { Authority } from "./authority.ts";
import type { Done } from "./operations/operation-context.ts";
import { runOperation } from "./operations/run-operation.ts";
import { actions, type Operation, scopeOf } from "./protocol/operation.ts";
import { parseOperation } from "./protocol/parse-operation.ts";
import { VaultError, vaultErrors } from "./protocol/vault-error.ts";
import type { VaultSettings } from "./settings.ts";
import type { SecretIndex } from "./storage/secret-index.ts";
import type { SecretStore } from "./storage/secret-store.ts";
import type { VaultDirectory, VaultResource } from "./vault-directory.ts";
import { doneReply, errorReply } from "./vault-reply.ts";
import type { VaultReply, VaultRequest } from "./vault-request.ts";

export interface VaultParts {
  readonly directory: Pick<VaultDirectory, "at">;
  readonly store: SecretStore;
  readonly index: Pick<SecretIndex, "of" | "find">;
  readonly authority: Authority;
  readonly settings: VaultSettings;
  readonly isReady: () => boolean;
  /** The tenant in which clients get tokens; asked once it is ready. */
  readonly tenantId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: VaultAudit;
  readonly newVersion: () => string;
}

type Outcome = Done | VaultError;

interface Limits {
  readonly perAddress: TokenBuckets;
  readonly perPrincipal: TokenBuckets;
  readonly perNamespace: TokenBuckets;
}

/** Answers a request: which vault, who asks, what for, whether that is allowed now; then it is done. */
export function requestHandler(parts: VaultParts): (request: VaultRequest) => Promise<VaultReply> {
  const { settings, clock } = parts;
  const limits = {
    perAddress: new TokenBuckets(settings.rateLimits.perAddress, clock),
    perPrincipal: new TokenBuckets(settings.rateLimits.perPrincipal, clock),
    perNamespace: new TokenBuckets(settings.rateLimits.perNamespace, clock),
  };
  return async (request) => {
    const notes: AuditNotes = {};
    const outcome = await answer(request, notes, parts, limits).catch((error: unknown) =>
      failed(error, request, parts),
    );
    if (!isFirstRequest(request, outcome)) parts.audit(auditRecord(request, outcome, notes, clock));
    return outcome instanceof VaultError ? errorReply(outcome, request.traceId) : doneReply(outcome, request.traceId);
  };
}

async function answer(request: VaultRequest, notes: AuditNotes, parts: VaultParts, limits: Limits): Promise<Outcome> {
  const vault = vaultOf(request, parts);
  if (vault instanceof VaultError) return vault;
  notes.vault = `${vault.namespace}/${vault.name}`;
  const who = await identify(request, vault, parts, limits);
  if (who instanceof VaultError) return who;
  noteCaller(notes, who.caller);
  const throttled = throttleCaller(who, limits);
  if (throttled !== undefined) return throttled;
  const operation = parseOperation(request);
  if (operation instanceof VaultError) return operation;
  noteOperation(notes, operation);
  const refused = await authorize({ request, vault, who, operation }, notes, parts);
  if (refused !== undefined) return refused;
  const charge = (requests: number): void => limits.perPrincipal.charge(who.caller.principalId, requests);
  const outcome = await runOperation(operation, { ...contextOf(request, vault, parts), charge });
  if (!(outcome instanceof VaultError) && outcome.version !== undefined) notes.version = outcome.version;
  return outcome;
}

function vaultOf(
  { host, localPort }: VaultRequest,
  { settings, directory, isReady }: VaultParts,
): VaultResource | VaultError {
  if (!isReady()) return vaultErrors.ServiceUnavailable("The vault has not read the cluster's state yet");
  const key = settings.vaultAt({ host, localPort });
  return (key && directory.at(key)) ?? vaultErrors.VaultNotFound();
}

async function identify(
  request: VaultRequest,
  vault: VaultResource,
  { authority, settings, tenantId, log }: VaultParts,
  { perAddress }: Limits,
): Promise<Authenticated | VaultError> {
  const throttled = throttle(perAddress, request.sourceAddress);
  if (throttled !== undefined) return throttled;
  return authenticate(request, vault, { authority, log, issuerUrl: settings.issuerUrl, tenantId: tenantId() });
}

/** Both are verified, so nobody takes the share of another identity, or of another namespace. */
function throttleCaller({ caller }: Authenticated, { perPrincipal, perNamespace }: Limits): VaultError | undefined {
  return throttle(perPrincipal, caller.principalId) ?? throttle(perNamespace, caller.pod?.namespace ?? "");
}

function throttle(buckets: TokenBuckets, key: string): VaultError | undefined {
  const seconds = buckets.take(key);
  return seconds === 0 ? undefined : vaultErrors.Throttled(seconds);
}

interface Wish {
  readonly request: VaultRequest;
  readonly vault: VaultResource;
  readonly who: Authenticated;
  readonly operation: Operation;
}

/** Asked before anything is looked up: a caller that may not read a secret is not told whether it is there. */
async function authorize(
  { request, vault, who, operation }: Wish,
  notes: AuditNotes,
  { authority, log, settings, tenantId }: VaultParts,
): Promise<VaultError | undefined> {
  const [action, scope] = [actions[operation.name], scopeOf(operation, vault)];
  const decision = await authority.decide({ ...who, action, scope, traceId: request.traceId });
  if (decision.kind === "unavailable") return unavailable(decision, request, log);
  if (decision.kind === "inactive") {
    const sentence =
      "The access token is no longer valid: it was revoked, its last role here was removed, or its pod or identity is gone. Ask for a new one.";
    return unauthorized(sentence, request, vault, { issuerUrl: settings.issuerUrl, tenantId: tenantId() });
  }
  if (decision.kind === "denied") {
    notes.reason = decision.code;
    return vaultErrors.Forbidden(decision.sentence);
  }
  notes.allowed = true;
  if (decision.role !== undefined) notes.role = decision.role;
  if (decision.assignment !== undefined) notes.assignment = decision.assignment;
  return undefined;
}

function contextOf({ host, body, ifNoneMatch }: VaultRequest, vault: VaultResource, parts: VaultParts) {
  const { store, index, clock, newVersion, settings } = parts;
  const { versionsPerSecret: mostVersions } = settings.storageLimits;
  return { vault, store, index, clock, newVersion, mostVersions, base: `https://${host}`, body, ifNoneMatch };
}

/** An API server that does not answer, or a defect. The stacks alone: an error of a library may carry more in its fields. */
function failed(error: unknown, { traceId }: VaultRequest, { log }: VaultParts): VaultError {
  log.error(
    { traceId, error: error instanceof Error ? error.stack : "not an Error" },
    "A request could not be answered.",
  );
  return error instanceof StatusError
    ? vaultErrors.ServiceUnavailable("The secrets cannot be read or written now", error.retryAfterSeconds)
    : vaultErrors.InternalServerError(traceId);
}

/** Every client begins by asking without a token, to learn where to get one: that is no access. */
function isFirstRequest({ authorizations }: VaultRequest, outcome: Outcome): boolean {
  return authorizations.length === 0 && outcome instanceof VaultError && outcome.code === "Unauthorized";
}
