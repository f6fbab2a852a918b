export const LONGEST_TOKEN = 16_384;

/** The credential of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when there is none of a sane length. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? "")?.[1];
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : token;
}
