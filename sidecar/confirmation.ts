import { parseFields, type RawReply } from "./raw-reply.ts";

/** What the issuer says of a token that is kept: as good as when it was issued, not any more, or no answer. */
export type Confirmation = "unchanged" | "changed" | "unknown";

/**
 * Reads an introspection reply (RFC 7662 §2.2). A token changed when it is no longer active, or when the principal's
 * roles are no longer those that it says; a 401 means that this pod itself may not ask any more, unless the issuer only
 * found fault with the ServiceAccount token: that says nothing about the pod, and the kubelet brings another one.
 */
export function parseConfirmation(reply: RawReply, jwt: string): Confirmation {
  const fields = parseFields(reply.text);
  if (fields === undefined) return "unknown";
  if (reply.status === 401)
    return typeof fields.error === "string" && !isAboutCredential(fields) ? "changed" : "unknown";
  if (reply.status !== 200 || typeof fields.active !== "boolean") return "unknown";
  return fields.active && sameRoles(fields.roles, rolesIn(jwt)) ? "unchanged" : "changed";
}

/** Such as SubjectTokenIssuer, while an issuer does not know the cluster's new one yet. */
function isAboutCredential({ error_code: code }: Readonly<Record<string, unknown>>): boolean {
  return typeof code === "string" && code.startsWith("SubjectToken");
}

function sameRoles(now: unknown, issued: unknown): boolean {
  return JSON.stringify(now ?? []) === JSON.stringify(issued ?? []);
}

/** The token is the issuer's own, fetched over its TLS connection, so that it is read here without verifying it. */
function rolesIn(jwt: string): unknown {
  const payload = (jwt.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return parseFields(atob(payload))?.roles;
  } catch {
    return undefined;
  }
}
