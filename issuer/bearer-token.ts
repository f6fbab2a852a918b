import { LONGEST_SUBJECT_TOKEN } from "./steps/token-parameter.ts";

/** The credential of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when there is none of a sane length. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? "")?.[1];
  return token === undefined || token.length > LONGEST_SUBJECT_TOKEN ? undefined : token;
}
