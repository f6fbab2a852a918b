import { z } from "zod";
import { compileCondition, LONGEST_CONDITION } from "./assignment-condition.ts";
import { boundedText } from "./bounded-text.ts";

const time = 'expected a time such as "2026-12-01T00:00:00Z" (RFC 3339)';
const timeSchema = z.iso.datetime({ offset: true, error: time }).max(64, time).optional();

const conditionText = boundedText(LONGEST_CONDITION)
  .min(1)
  .superRefine((source, context) => {
    const compiled = compileCondition(source);
    if (compiled.kind === "compiled") return;
    const { line, column, message } = compiled;
    context.addIssue({ code: "custom", message: `line ${line}, column ${column}: ${message}` });
  });

/** Fields of an assignment that say when it counts, and for which requests. They may change while it stands. */
export const assignmentLimits = {
  notBefore: timeSchema.describe("When the assignment begins (RFC 3339). At once, when left out."),
  expiresAt: timeSchema.describe("When the assignment ends (RFC 3339). Never, when left out."),
  condition: conditionText
    .optional()
    .describe(
      "What must hold of a request for the role to count, as a CEL expression over request.audience, pod.namespace, pod.name, pod.serviceAccount, pod.labels and time. Always true, when left out.",
    ),
} as const;

const notBackwards = "notBefore must be earlier than expiresAt";

/** The same as `beginsBeforeItEnds`, for the API server. */
export const orderRule = {
  rule: "!has(self.notBefore) || !has(self.expiresAt) || timestamp(self.notBefore) < timestamp(self.expiresAt)",
  message: notBackwards,
  fieldPath: ".notBefore",
} as const;

interface Period {
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
}

export const beginsBeforeItEnds = {
  holds: ({ notBefore, expiresAt }: Period): boolean =>
    notBefore === undefined || expiresAt === undefined || Date.parse(notBefore) < Date.parse(expiresAt),
  problem: { message: notBackwards, path: ["notBefore"] },
};
