import { z } from "zod";
import type { AccessQuestion, Authority, Decision, TokenStanding, Unavailable } from "../authority.ts";
import type { IssuerAnswer, IssuerQuestion, IssuerTransport } from "./issuer-transport.ts";

/** RFC 7662 §2.2, and of the claims those that say who it is. */
const introspectionSchema = z.discriminatedUnion("active", [
  z.object({ active: z.literal(false) }),
  z.object({
    active: z.literal(true),
    sub: z.string().min(1),
    aud: z.string().min(1),
    azp: z.string().optional(),
    xms_mirid: z.string().optional(),
    "kubernetes.io": z
      .object({ namespace: z.string(), pod: z.object({ name: z.string(), uid: z.string().optional() }) })
      .optional(),
  }),
]);

/** OpenID AuthZEN Authorization API 1.0 §6.2. */
const evaluationSchema = z.object({
  decision: z.boolean(),
  context: z
    .object({
      reason: z.string().optional(),
      reason_code: z.string().optional(),
      role: z.string().optional(),
      assignment: z.string().optional(),
    })
    .optional(),
});

/** Asks the issuer, for every request anew: what it took away a moment ago is away. */
export function issuerAuthority({ ask }: Pick<IssuerTransport, "ask">): Authority {
  return {
    async standing(token, traceId) {
      const answer = await askFor(introspectionSchema, introspection(token, traceId), ask);
      return "kind" in answer ? answer : standingOf(answer);
    },
    async decide(question) {
      const answer = await askFor(evaluationSchema, evaluation(question), ask);
      return "kind" in answer ? answer : decisionOf(answer);
    },
  };
}

function introspection(token: string, traceId: string): IssuerQuestion {
  const body = new URLSearchParams({ token }).toString();
  return { path: "/introspect", contentType: "application/x-www-form-urlencoded", body, traceId };
}

/** The audience and the pod are what the conditions of an assignment may ask for. */
function evaluation({ caller, action, scope, traceId }: AccessQuestion): IssuerQuestion {
  const asked = {
    subject: { type: "managed_identity", id: caller.principalId },
    action: { name: action },
    resource: { type: "vault", id: scope },
    context: { audience: caller.audience, pod: caller.pod },
  };
  return { path: "/access/v1/evaluation", contentType: "application/json", body: JSON.stringify(asked), traceId };
}

function standingOf(reply: z.infer<typeof introspectionSchema>): TokenStanding {
  if (!reply.active) return { kind: "inactive" };
  const bound = reply["kubernetes.io"];
  return {
    kind: "active",
    caller: {
      principalId: reply.sub,
      audience: reply.aud,
      identity: reply.xms_mirid,
      clientId: reply.azp,
      pod: bound && { namespace: bound.namespace, ...bound.pod },
    },
  };
}

function decisionOf({ decision, context = {} }: z.infer<typeof evaluationSchema>): Decision {
  const { reason = "The issuer gives no reason.", reason_code: code = "Denied", role, assignment } = context;
  return decision ? { kind: "allowed", role, assignment } : { kind: "denied", code, sentence: reason };
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
