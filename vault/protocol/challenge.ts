interface ChallengeFacts {
  /** The issuer's URL. */
  readonly issuerUrl: string;
  readonly tenantId: string;
  /** The vault's audiences; never empty. */
  readonly audiences: readonly string[];
  /** The host that the client asked. */
  readonly host: string;
}

/**
 * Where a client gets a token, and for what. The clients of Key Vault take a resource only when the vault's host is a
 * subdomain of its host, unless they are told not to look: so an audience for which that holds comes before the first.
 * https://learn.microsoft.com/en-us/azure/key-vault/general/authentication-requests-and-responses
 */
export function challenge({ issuerUrl, tenantId, audiences, host }: ChallengeFacts): string {
  const resource = audiences.find((audience) => isParentDomain(audience, host)) ?? audiences[0] ?? "";
  return `Bearer authorization="${issuerUrl}/${tenantId}", resource="${quotable(resource)}"`;
}

function isParentDomain(audience: string, host: string): boolean {
  const url = URL.canParse(audience) ? new URL(audience) : undefined;
  const [hostname = ""] = host.split(":");
  return url !== undefined && url.hostname !== "" && hostname.endsWith(`.${url.hostname}`);
}

/** An audience is printable ASCII; of that, these two would end a quoted-string (RFC 9110 §5.6.4) early. */
function quotable(text: string): string {
  return text.replaceAll(/["\\]/g, (character) => `\\${character}`);
}
