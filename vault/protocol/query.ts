import { type VaultError, vaultErrors } from "./vault-error.ts";

/** The parameters that mean something here; others are ignored, as Key Vault does. */
export interface Query {
  readonly apiVersion: string;
  readonly maxResults: string | undefined;
  readonly skipToken: string | undefined;
}

/** What the clients in use send. Nothing that they say of secrets differs between these. */
export const apiVersions: readonly string[] = [
  ...["2015-06-01", "2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4-preview.1", "7.4"],
  ...[
    "7.5-preview.1",
    "7.5",
    "7.6-preview.1",
    "7.6-preview.2",
    "7.6",
    "2025-06-01-preview",
    "2025-07-01",
    "2026-04-01",
  ],
];

const parameters = ["api-version", "maxresults", "$skiptoken"] as const;

/** Given twice, a parameter would mean one thing here and another to whoever looked before. */
export function parseQuery(query: string): Query | VaultError {
  const given = new URLSearchParams(query);
  const twice = parameters.find((name) => given.getAll(name).length > 1);
  if (twice !== undefined) return vaultErrors.BadParameter(`Parameter ${twice} is given twice: send it once.`);
  const [apiVersion, maxResults, skipToken] = parameters.map((name) => given.get(name) ?? undefined);
  if (apiVersion === undefined || apiVersion === "") {
    return vaultErrors.BadParameter(`Parameter api-version is missing: send one, such as ${apiVersions.at(-1)}.`);
  }
  if (!apiVersions.includes(apiVersion)) {
    return vaultErrors.BadParameter(
      `This api-version is not known here: set the client's service version to one of ${apiVersions.join(", ")}.`,
    );
  }
  return { apiVersion, maxResults, skipToken };
}
