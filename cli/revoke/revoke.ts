import { randomBytes } from "node:crypto";
import type { TokenRevocation } from "../../identity/token-revocation.ts";
import { validateObject } from "../../identity/validate.ts";
import { keyText } from "../../kube/kind.ts";
import { managedIdentities, tokenRevocations } from "../../kube/kinds.ts";
import type { Answer } from "../cluster/answer.ts";
import { explainRefusal } from "../cluster/explain-refusal.ts";
import type { Session } from "../cluster/session.ts";
import { type Readiness, untilReady } from "../cluster/until-ready.ts";
import { UsageError } from "../usage-error.ts";

/** Whose tokens, in the words of the object that says so. */
export interface Revoked {
  readonly namespace: string;
  readonly spec: TokenRevocation["spec"];
}

export interface RevokeOptions {
  /** Seconds. */
  readonly timeout: number;
  /** Of an identity: no new tokens either. */
  readonly disable?: true;
}

const FIELD_MANAGER = "lanyard-revoke";

/** Revokes tokens: writes the revocation, and waits until the operator has seen it. */
export async function revoke(revoked: Revoked, options: RevokeOptions, session: Session): Promise<Answer> {
  let disabled = false;
  const manifest = manifestOf(revoked);
  try {
    if (options.disable) await disableIdentity(revoked, session);
    disabled = options.disable === true;
    const written = await session.api.create(tokenRevocations, manifest);
    const patience = { timeoutMs: options.timeout * 1000, isPassing: () => false };
    return answer(written, await untilReady(tokenRevocations, written.metadata, session, patience), options);
  } catch (error) {
    const refusal = await explainRefusal(error, session.api);
    if (refusal === undefined) throw error;
    return {
      code: 1,
      text: disabled ? disabledText(revoked) : "",
      data: { refused: refusal, disabled },
      notes: [refusal],
    };
  }
}

/**
 * First, or a token that is given in between would be good for its whole life. The UID keeps an apply from making an
 * identity that was deleted in between.
 */
async function disableIdentity({ namespace, spec }: Revoked, { api }: Session): Promise<void> {
  const { apiVersion, kind } = managedIdentities;
  const name = spec.managedIdentity ?? "";
  const { uid } = (await api.get(managedIdentities, { namespace, name })).metadata;
  const manifest = { apiVersion, kind, metadata: { namespace, name, uid }, spec: { disabled: true } };
  await api.apply(managedIdentities, manifest, { fieldManager: FIELD_MANAGER, force: true });
}

function manifestOf({ namespace, spec }: Revoked) {
  const { apiVersion, kind } = tokenRevocations;
  const name = `${prefixOf(spec)}-${randomBytes(4).toString("hex")}`;
  const manifest = { apiVersion, kind, metadata: { namespace, name }, spec };
  const validation = validateObject(kind, manifest);
  if (validation.kind === "valid") return manifest;
  const problems = validation.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UsageError(`this cannot be revoked: ${problems.join("; ")}.`);
}

const LONGEST_PREFIX = 240;

function prefixOf({ managedIdentity, pod }: Revoked["spec"]): string {
  const prefix = managedIdentity ?? (pod === undefined ? "token" : `pod-${pod.name}`);
  return prefix.slice(0, LONGEST_PREFIX).replace(/[-.]+$/, "");
}

function answer(written: TokenRevocation, readiness: Readiness, { disable }: RevokeOptions): Answer {
  const { namespace, name } = written.metadata;
  const { status, reason, message } = readiness.condition ?? {};
  const disabled = disable === true;
  return {
    code: readiness.kind === "ready" ? 0 : 1,
    text: [
      ...(disabled ? [disabledText({ namespace, spec: written.spec })] : []),
      `TokenRevocation ${namespace}/${name} created. ${message ?? "The operator has not looked at it yet: is it running?"}`,
    ].join("\n"),
    data: {
      revocation: { namespace, name, spec: written.spec },
      disabled,
      ready: status && { status, reason, message },
    },
    notes: readiness.kind === "ready" ? remaining(written, disabled) : [],
  };
}

const disabledText = ({ namespace, spec }: Revoked): string =>
  `ManagedIdentity ${keyText({ namespace, name: spec.managedIdentity ?? "" })} is disabled.`;

/** What the person may believe to be over, and is not. */
function remaining({ spec }: TokenRevocation, disabled: boolean): string[] {
  const late =
    "Services that ask the issuer refuse the tokens now; those that read its status lists within their time to live (30 seconds, unless the install says otherwise); those that do neither, when the tokens end.";
  const pods = spec.managedIdentity === undefined ? "its pod" : "its pods";
  const renewed = `New tokens can be had. An application whose SDK keeps the old one is refused with it until it starts anew: restart ${pods}. To end the access, delete the role assignment or disable the identity.`;
  return disabled ? [late] : [late, renewed];
}
