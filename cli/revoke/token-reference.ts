import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { isTokenId } from "../../identity/token-id.ts";
import { UsageError } from "../usage-error.ts";

/** What of a token is needed to revoke it. */
export interface TokenReference {
  readonly jti: string;
  /** That of the identity. */
  readonly namespace: string;
}

const claimsSchema = z.object({
  jti: z.string().refine(isTokenId),
  xms_mirid: z.string().regex(/^\/namespaces\/[a-z\d-]+\/managedIdentities\/[a-z\d.-]+$/),
});

/** Reads a token from a file, or from standard input for `-`: on a command line others could see it. */
export async function readTokenFile(file: string, input: NodeJS.ReadableStream = process.stdin): Promise<string> {
  try {
    return (await (file === "-" ? text(input) : readFile(file, "utf8"))).trim();
  } catch (error) {
    throw new UsageError(`the token cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Parses a `jti` of an identity in `ownNamespace`, or a whole token. Throws a UsageError for a text that no token has. */
export function parseTokenReference(given: string, ownNamespace: string): TokenReference {
  const reference = given.trim().replace(/^bearer\s+/i, "");
  const jti = reference.toLowerCase();
  if (isTokenId(jti)) return { jti, namespace: ownNamespace };
  if (reference.split(".").length === 3) return referenceIn(reference);
  throw new UsageError(
    `"${excerpt(reference)}" cannot be the id of a token: expected its jti, such as 5f2b8b2a-70b1-4cf2-8f3e-8fa53b6d7c01.8x2k (the audit log has it), or the whole token.`,
  );
}

/** Reads a token's own claims. They are not verified: the right to write the revocation is the right to revoke any token there. */
function referenceIn(token: string): TokenReference {
  const claims = claimsSchema.safeParse(parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).data;
  if (claims === undefined)
    throw new UsageError("this is not an access token of a managed identity: expected a JWT that Lanyard issued.");
  const [, , namespace = ""] = claims.xms_mirid.split("/");
  return { jti: claims.jti, namespace };
}

const LONGEST_EXCERPT = 60;
const excerpt = (given: string): string =>
  given.length <= LONGEST_EXCERPT ? given : `${given.slice(0, LONGEST_EXCERPT)}…`;

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
