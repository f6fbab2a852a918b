import { z } from "zod";
import { issueInWords } from "../identity/issue-words.ts";
import { enumerate } from "../identity/reasons.ts";
import type { Decision } from "./decision.ts";
import type { PatchOperation } from "./json-patch.ts";
import { messageText } from "./message-text.ts";

const reviewSchema = z.object({
  apiVersion: z.literal("admission.k8s.io/v1"),
  kind: z.literal("AdmissionReview"),
  request: z.object({
    uid: z.string().min(1).max(256),
    kind: z.object({ group: z.string().default(""), version: z.string(), kind: z.string() }),
    subResource: z.string().default(""),
    name: z.string().default(""),
    namespace: z.string().default(""),
    operation: z.string(),
    object: z.unknown().optional(),
    oldObject: z.unknown().optional(),
  }),
});

/** https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/#admission-k8s-io-v1-AdmissionRequest */
export type AdmissionRequest = z.infer<typeof reviewSchema>["request"];

export type ParsedReview =
  | { readonly kind: "review"; readonly request: AdmissionRequest }
  | { readonly kind: "unreadable"; readonly message: string };

export function parseReview(body: string): ParsedReview {
  const json = parseJson(body);
  if (json === undefined) return unreadable("the body is not JSON");
  const parsed = reviewSchema.safeParse(json.value, { error: issueInWords });
  if (parsed.success) return { kind: "review", request: parsed.data.request };
  return unreadable(enumerate(issueTexts(parsed.error), "; "));
}

/** `spec.containers.0.name: is required`. */
export function issueTexts({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
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

/** The API server takes 4096 characters of warnings for one object; all of them are on the pod. */
const MOST_WARNINGS = 12;

function admission(uid: string, { patch, warnings }: Extract<Decision, { kind: "allowed" }>): object {
  const texts = warnings.slice(0, MOST_WARNINGS).map(messageText);
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

function unreadable(problem: string): ParsedReview {
  return {
    kind: "unreadable",
    message: `This is no AdmissionReview of admission.k8s.io/v1: ${problem}. Send what an API server sends.`,
  };
}
