import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { managedIdentitySchema } from "../../../identity/managed-identity.ts";
import { formatReview, parseReview } from "../../../webhook/admission-review.ts";
import { reviewPod } from "../../../webhook/inject/review-pod.ts";
import { type GivenFacts, injectionFacts } from "../facts.ts";

const folder = join(import.meta.dirname, "../../fixtures/admission");

/** The format is described in the folder's README. */
const fixtureSchema = z.object({
  rule: z.string(),
  given: z
    .object({
      settings: z.record(z.string(), z.unknown()).optional(),
      namespace: z.record(z.string(), z.unknown()).optional(),
      identities: z.array(managedIdentitySchema).optional(),
      audiences: z.array(z.string()).optional(),
      serverHasNativeSidecars: z.boolean().optional(),
    })
    .strict(),
  request: z.looseObject({}),
  response: z.looseObject({}),
});

const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ file, ...fixtureSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))) }));

/** The answer, with its patch as JSON in place of base64. */
function answer(request: object, given: GivenFacts): object {
  const review = parseReview(JSON.stringify(request), { values: 1_000, depth: 20, members: 500 });
  if (review.kind !== "review") throw new Error(JSON.stringify(review));
  const decision = reviewPod(review.request, injectionFacts(given));
  const reply = z
    .object({ response: z.looseObject({}) })
    .loose()
    .parse(formatReview(review.request.uid, decision));
  const { patch, ...response } = reply.response;
  const decoded = typeof patch === "string" ? { patch: JSON.parse(Buffer.from(patch, "base64").toString()) } : {};
  return { ...reply, response: { ...response, ...decoded } };
}

describe("admission of a pod", () => {
  test.each(fixtures)("$rule ($file)", ({ request, given, response }) => {
    expect(answer(request, given as GivenFacts)).toEqual(response);
  });
});
