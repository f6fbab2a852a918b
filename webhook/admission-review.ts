import { z } from "zod";
import { issueInWords } from "../identity/issue-words.ts";
import { enumerate } from "../identity/reasons.ts";
import type { Decision } from "./decision.ts";
import type { PatchOperation } from "./json-patch.ts";
import { type JsonLimits, jsonSize } from "./json-size.ts";
import { webhookLimits } from "./limits.ts";
import { messageText } from "./message-text.ts";
import { oversizedCollection } from "./oversized-collection.ts";

/** Longer than any name, version or uid that an API server sends. */
const shortText = z.string().max(253);

const reviewSchema = z.object({
  apiVersion: z.literal("admission.k8s.io/v1"),
  kind: z.literal("AdmissionReview"),
  request: z.object({
    uid: shortText.min(1),
    kind: z.object({ group: shortText.default(""), version: shortText, kind: shortText }),
    subResource: shortText.default(""),
    name: shortText.default(""),
    namespace: shortText.default(""),
    operation: shortText,
    object: z.unknown().optional(),
    oldObject: z.unknown().optional(),
  }),
});

/** https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/#admission-k8s-io-v1-AdmissionRequest */
export type AdmissionRequest = z.infer<typeof reviewSchema>["request"];

export type ParsedReview =
  | { readonly kind: "review"; readonly request: AdmissionRequest }
  | { readonly kind: "unreadable"; readonly message: string }
  | { readonly kind: "too large"; readonly problem: string };

export interface ReviewLimits extends JsonLimits {
  /** Of one list or object. */
  readonly members: number;
}

/** What is too large to be parsed is not parsed: the event loop would stand still for everybody. */
export function parseReview(body: string, limits: ReviewLimits): ParsedReview {
  const size = jsonSize(body, limits);
  if (size !== "acceptable") return { kind: "too large", problem: sizeProblem(size, limits) };
  const json = parseJson(body);
  if (json === undefined) return unreadable("the body is not JSON");
  const place = oversizedCollection(json.value, limits.members);
  if (place !== undefined) {
    return { kind: "too large", problem: `has more than ${limits.members} members in ${place || "itself"}` };
  }
  const parsed = reviewSchema.safeParse(json.value, { error: issueInWords });
  if (parsed.success) return { kind: "review", request: parsed.data.request };
  return unreadable(enumerate(issueTexts(parsed.error), "; "));
}

/** `spec.containers.0.name: is required`, for the first issues. */
export function issueTexts({ issues }: z.ZodError): string[] {
  return issues
    .slice(0, webhookLimits.problemsReported)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(shortStep).join(".")}: ${message}`));
}

const LONGEST_STEP = 80;

/** A key may be as long as the whole review. */
export function shortStep(step: PropertyKey): string {
  const text = String(step);
  return text.length > LONGEST_STEP ? `${text.slice(0, LONGEST_STEP)}…` : text;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
export function formatReview(uid: string, decision: Decision): object {
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: decision.kind === "denied" ? denial(uid, decision) : admission(uid, decision),
  };
}

function denial(uid: string, { reason, httpStatus }: Extract<Decision, { kind: "denied" }>): object {
  return { uid, allowed: false, status: { code: httpStatus, message: messageText(reason) } };
}

function admission(uid: string, { patch, warnings }: Extract<Decision, { kind: "allowed" }>): object {
  const texts = warnings.slice(0, webhookLimits.warningsInReply).map(messageText);
  return { uid, allowed: true, ...patchFields(patch), ...(texts.length === 0 ? {} : { warnings: texts }) };
}

function patchFields(patch: readonly PatchOperation[]): object {
  if (patch.length === 0) return {};
  return { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(patch)).toString("base64") };
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const sizeProblem = (size: "too deep" | "too many values", { values, depth }: JsonLimits): string =>
  size === "too deep" ? `has more than ${depth} levels` : `has more than ${values} values`;

function unreadable(problem: string): ParsedReview {
  return {
    kind: "unreadable",
    message: `This is no AdmissionReview of admission.k8s.io/v1: ${problem}. Send what an API server sends.`,
  };
}
