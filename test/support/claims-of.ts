import { decodeJwt } from "jose";
import { z } from "zod";

const schema = z.looseObject({
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  aud: z.string(),
  sub: z.string(),
  roles: z.array(z.string()),
  known_revocations: z.string().optional(),
  status: z.object({ status_list: z.object({ idx: z.number(), uri: z.string() }) }).optional(),
});

/** The claims of an access token, unverified. */
export function claimsOf(token: string): z.infer<typeof schema> {
  return schema.parse(decodeJwt(token));
}
