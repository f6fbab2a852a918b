import { vaultLimits } from "../limits.ts";
import type { Page } from "./operation.ts";
import type { Query } from "./query.ts";
import { type VaultError, vaultErrors } from "./vault-error.ts";

const NUMBER = /^\d{1,4}$/;
/** A name of a secret, or a version: what a page ended with. */
const KEY = /^[0-9a-z-]{1,127}$/;

/** Of `maxresults` and `$skiptoken`. */
export function pageOf({ apiVersion, maxResults, skipToken }: Query): Page | VaultError {
  const size = maxResults === undefined ? vaultLimits.listEntries : sizeOf(maxResults);
  if (size === undefined)
    return vaultErrors.BadParameter(`Parameter maxresults is a number from 1 to ${vaultLimits.listEntries}.`);
  const after = skipToken === undefined ? undefined : Buffer.from(skipToken, "base64url").toString("latin1");
  if (after !== undefined && !KEY.test(after)) {
    return vaultErrors.BadParameter("Parameter $skiptoken is not one of ours: follow nextLink unchanged.");
  }
  return { size, after, apiVersion };
}

function sizeOf(text: string): number | undefined {
  const size = Number(text);
  return NUMBER.test(text) && size >= 1 && size <= vaultLimits.listEntries ? size : undefined;
}

/** The entries of a page, by the order of their keys, and where the next page begins; undefined at the end. */
export interface PageContent<Entry> {
  readonly entries: readonly Entry[];
  readonly skipToken: string | undefined;
}

/** A page goes on behind a key, not at a number: what comes or goes between two pages moves none of the others. */
export function pageFrom<Entry>(
  all: readonly Entry[],
  keyOf: (entry: Entry) => string,
  { size, after }: Pick<Page, "size" | "after">,
): PageContent<Entry> {
  const keyed = all.map((entry) => ({ key: keyOf(entry), entry })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = after === undefined ? keyed : keyed.filter(({ key }) => key > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const more = rest.length > size && last !== undefined;
  return {
    entries: page.map(({ entry }) => entry),
    skipToken: more ? Buffer.from(last.key, "latin1").toString("base64url") : undefined,
  };
}
