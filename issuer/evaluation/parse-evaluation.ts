import type { z } from "zod";
import { issueInWords } from "../../identity/issue-words.ts";
import { refusals } from "../../identity/reasons.ts";
import { Refused } from "../endpoint.ts";
import type { HttpRequest } from "../http-message.ts";
import { type EvaluationRequest, evaluationSchema, evaluationsSchema, type Semantics } from "./evaluation-request.ts";

const inWords = { error: issueInWords, reportInput: true } as const;

interface Context {
  readonly request: Pick<HttpRequest, "body">;
}

/** `batch` is undefined when the request was for one decision, and so is its reply. */
export interface ParsedEvaluation {
  readonly evaluations: readonly EvaluationRequest[];
  readonly batch: Semantics | undefined;
}

/** `POST /access/v1/evaluation`: AuthZEN §6.1. */
export function parseEvaluation({ request }: Context): ParsedEvaluation | Refused {
  const body = parseAs(evaluationSchema, request.body);
  return body instanceof Refused ? body : { evaluations: [body], batch: undefined };
}

/** `POST /access/v1/evaluations`: AuthZEN §7.1; without an `evaluations` array it is a single evaluation. */
export function parseEvaluations({ request }: Context): ParsedEvaluation | Refused {
  const body = parseAs(evaluationsSchema, request.body);
  if (body instanceof Refused) return body;
  const { evaluations = [], options, ...defaults } = body;
  if (evaluations.length === 0) return parseEvaluation({ request });
  const complete: EvaluationRequest[] = [];
  for (const [index, evaluation] of evaluations.entries()) {
    const merged = evaluationSchema.safeParse({ ...defaults, ...evaluation }, inWords);
    if (!merged.success) return refused(merged.error, ["evaluations", index]);
    complete.push(merged.data);
  }
  return { evaluations: complete, batch: options?.evaluations_semantic ?? "execute_all" };
}

function parseAs<T>(schema: z.ZodType<T>, body: string): T | Refused {
  const value = parseJson(body);
  if (value === undefined) return new Refused(refusals.InvalidRequest("The body is not JSON: send one JSON object."));
  const parsed = schema.safeParse(value, inWords);
  return parsed.success ? parsed.data : refused(parsed.error);
}

/** Undefined is no JSON value, so it can stand for "not JSON". */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refused(error: z.ZodError, prefix: readonly PropertyKey[] = []): Refused {
  const [issue] = error.issues;
  const path = [...prefix, ...(issue?.path ?? [])].map(String).join(".");
  const where = path === "" ? "The body" : `Member ${path}`;
  return new Refused(refusals.InvalidRequest(`${where}: ${issue?.message ?? "is invalid"}.`));
}
