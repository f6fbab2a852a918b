import { inflateSync } from "node:zlib";
import { decodeJwt } from "jose";
import { z } from "zod";
import { claimsOf } from "../../support/claims-of.ts";

const listSchema = z.object({
  iat: z.number(),
  status_list: z.object({ bits: z.literal(1), lst: z.string() }),
});

/** The bits of a signed list, unverified. */
export function bitsOf(jwt: string): Uint8Array {
  return inflateSync(Buffer.from(listSchema.parse(decodeJwt(jwt)).status_list.lst, "base64url"));
}

/** What the published list says now of a token: 0 is VALID, 1 INVALID (draft-ietf-oauth-status-list §7.1). */
export async function statusOf(token: string): Promise<number> {
  const { status } = claimsOf(token);
  if (status === undefined) throw new Error("the token names no status list");
  const { idx, uri } = status.status_list;
  const bits = bitsOf(await (await fetch(uri)).text());
  return ((bits[idx >> 3] ?? 0) >> (idx & 7)) & 1;
}
