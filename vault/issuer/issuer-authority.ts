import { z } from "zod";
import type { Clock } from "../../kube/clock.ts";
import type { AccessQuestion, Authority, Decision, Unavailable } from "../authority.ts";
import { issuerKeys } from "./issuer-keys.ts";
import type { IssuerAnswer, IssuerQuestion, IssuerTransport } from "./issuer-transport.ts";
import { verifyToken } from "./verify-token.ts";

/** OpenID AuthZEN Authorization API 1.0 §6.2. */
const evaluationSchema = z.object({
  decision: z.boolean(),
  context: z
    .object({
      reason: z.string().optional(),
      reason_code: z.string().optional(),
      role: z.string().optional(),
      assignment: z.string().optional(),
      token_checked: z.boolean().optional(),
    })
    .optional(),
});
type EvaluationReply = z.infer<typeof evaluationSchema>;

/** RFC 7662 §2.2. */
const introspectionSchema = z.object({ active: z.boolean() });

interface IssuerAuthorityOptions {
  readonly transport: Pick<IssuerTransport, "ask" | "read">;
  /** The `iss` of tokens. */
  readonly issuerUrl: string;
  readonly clock: Clock;
}

/** Verifies tokens by the issuer's keys, and asks the issuer once for every request: a revoked right is gone at once. */
export function issuerAuthority({ transport, issuerUrl, clock }: IssuerAuthorityOptions): Authority {
  const keys = issuerKeys(transport, clock);
  return {
    verify: (token) => verifyToken(token, { issuerUrl, keys, clock }),
    async decide(question) {
      const answer = await askFor(evaluationSchema, evaluation(question), transport.ask);
      if ("kind" in answer) return answer;
      const decision = decisionOf(answer);
      if (decision.kind !== "allowed" || answer.context?.token_checked === true) return decision;
      // An issuer older than token_checked ignores the token in the question, for example during an upgrade.
      const standing = await askFor(introspectionSchema, introspection(question), transport.ask);
      if ("kind" in standing) return standing;
      return standing.active ? decision : { kind: "inactive" };
    },
  };
}

/**
 * One question for both: whether the token stands, and whether its holder may do this. The audience and the pod are what
 * the conditions of an assignment may ask for.
 */
function evaluation({ caller, action, scope, token, traceId }: AccessQuestion): IssuerQuestion {
  const asked = {
    subject: { type: "managed_identity", id: caller.principalId, properties: { access_token: token } },
    action: { name: action },
    resource: { type: "vault", id: scope },
    context: { audience: caller.audience, pod: caller.pod },
  };
  return { path: "/access/v1/evaluation", contentType: "application/json", body: JSON.stringify(asked), traceId };
}

function introspection({ token, traceId }: AccessQuestion): IssuerQuestion {
  const body = new URLSearchParams({ token }).toString();
  return { path: "/introspect", contentType: "application/x-www-form-urlencoded", body, traceId };
}

const TOKEN_INACTIVE = "TokenInactive";

function decisionOf({ decision, context = {} }: EvaluationReply): Decision {
  const { reason = "The issuer gives no reason.", reason_code: code = "Denied", role, assignment } = context;
  if (decision) return { kind: "allowed", role, assignment };
  return code === TOKEN_INACTIVE ? { kind: "inactive" } : { kind: "denied", code, sentence: reason };
}

/** Whatever is not an answer as it should be decides nothing. */
async function askFor<T>(
  schema: z.ZodType<T>,
  question: IssuerQuestion,
  ask: IssuerTransport["ask"],
): Promise<T | Unavailable> {
  try {
    const answer = await ask(question);
    return answer.status === 200 ? schema.parse(JSON.parse(answer.body)) : unanswered(question, answer);
  } catch (error) {
    return { kind: "unavailable", detail: error instanceof Error ? error.message : "not an Error" };
  }
}

/** The body of a refusal is the issuer's own sentence; it names no token. */
function unanswered({ path }: IssuerQuestion, { status, body, retryAfterSeconds }: IssuerAnswer): Unavailable {
  return { kind: "unavailable", detail: `${path} answered ${status}: ${body.slice(0, 512)}`, retryAfterSeconds };
}
