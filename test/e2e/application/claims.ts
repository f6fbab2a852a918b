/** A reply as it may be printed: what a token says stands in the place of the token. */
export function withoutToken(text: string): unknown {
  const body: unknown = parse(text);
  if (typeof body !== "object" || body === null || !("access_token" in body)) return body;
  const { access_token: token, ...rest } = body;
  return { ...rest, claims: claimsOf(String(token)) };
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
