import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { UsageError } from "../usage-error.ts";

/** What of a token is needed to revoke it. */
export interface TokenReference {
  readonly jti: string;
  /** That of the identity. */
  readonly namespace: string;
}

const claimsSchema = z.object({
  jti: z.string(),
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

/** What a token says of itself. It is not verified: whoever writes the revocation has the right to revoke any token there. */
export function referenceIn(token: string): TokenReference {
  const claims = claimsSchema.safeParse(parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())).data;
  if (claims === undefined)
    throw new UsageError("this is no access token of a managed identity: expected a JWT of Lanyard.");
  const [, , namespace = ""] = claims.xms_mirid.split("/");
  return { jti: claims.jti, namespace };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
