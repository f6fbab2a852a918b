import { z } from "zod";
import { issueInWords } from "../../identity/issue-words.ts";
import { vaultLimits as limits } from "../limits.ts";
import type { NewVersion, WishedAttributes } from "../secret/change-secret.ts";
import { type VaultError, vaultErrors } from "./vault-error.ts";

/** A surrogate without its pair has no UTF-8, and would be stored as something else. */
const text = z.string().refine((given) => given.isWellFormed(), "expected text that is well-formed Unicode");
const seconds = z.int().min(0).max(253_402_300_799).nullish();
const tagText = text.max(limits.tagCharacters);

const tagsSchema = z
  .record(tagText.min(1), tagText)
  .refine((tags) => Object.keys(tags).length <= limits.tags, `expected at most ${limits.tags} tags`)
  .refine(
    (tags) => Buffer.byteLength(JSON.stringify(tags)) <= limits.tagBytes,
    `expected tags of at most ${limits.tagBytes} bytes together`,
  );

const wishSchema = z.object({
  contentType: text.max(limits.contentTypeCharacters).nullish(),
  tags: tagsSchema.nullish(),
  attributes: z.object({ enabled: z.boolean().nullish(), nbf: seconds, exp: seconds }).nullish(),
});

const setSchema = wishSchema.extend({
  value: text.refine(
    (value) => Buffer.byteLength(value) <= limits.valueBytes,
    `expected at most ${limits.valueBytes} bytes`,
  ),
});

/** The body of SetSecret. Members that are not known are ignored. */
export function parseNewVersion(body: string): Omit<NewVersion, "id"> | VaultError {
  const parsed = parseAs(setSchema, body);
  return "wish" in parsed ? { value: parsed.wish.value, ...attributesOf(parsed.wish) } : parsed.error;
}

/** The body of UpdateSecret. */
export function parseWishedAttributes(body: string): WishedAttributes | VaultError {
  const parsed = parseAs(wishSchema, body);
  return "wish" in parsed ? attributesOf(parsed.wish) : parsed.error;
}

function attributesOf({ contentType, tags, attributes }: z.infer<typeof wishSchema>): WishedAttributes {
  return {
    enabled: attributes?.enabled ?? undefined,
    notBefore: attributes?.nbf ?? undefined,
    expires: attributes?.exp ?? undefined,
    contentType: contentType ?? undefined,
    tags: tags ?? undefined,
  };
}

type ParsedBody<T> = { readonly wish: T } | { readonly error: VaultError };

/** What is said of a body names members, and never shows what is in them: it may be a value. */
function parseAs<T>(schema: z.ZodType<T>, body: string): ParsedBody<T> {
  const json = parseJson(body);
  if (json === undefined) return { error: vaultErrors.BadParameter("The body is not JSON: send one JSON object.") };
  const parsed = schema.safeParse(json, { error: issueInWords });
  return parsed.success ? { wish: parsed.data } : { error: vaultErrors.BadParameter(problemOf(parsed.error)) };
}

/** Undefined is no JSON value, so it can stand for "not JSON". */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  const [member, inner] = issue?.path ?? [];
  // A tag's name is the client's own text.
  const path = member === "attributes" && inner !== undefined ? `attributes.${String(inner)}` : String(member ?? "");
  return `${path === "" ? "The body" : `Member ${path}`}: ${issue?.message ?? "is invalid"}.`;
}
