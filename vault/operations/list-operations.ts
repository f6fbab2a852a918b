import { deletedSecretItem, secretItem, versionItem } from "../protocol/bundle.ts";
import type { Page } from "../protocol/operation.ts";
import { pageFrom } from "../protocol/page.ts";
import { VaultError } from "../protocol/vault-error.ts";
import { active } from "../secret/change-secret.ts";
import { isGone } from "../secret/secret.ts";
import type { IndexedSecret } from "../storage/indexed-secret.ts";
import { bundleContext, type Done, type OperationContext } from "./operation-context.ts";

/** The secrets in use, by name, each with the attributes of its newest version. */
export async function getSecrets(page: Page, context: OperationContext): Promise<Done> {
  const inUse = present(context).filter(({ deletion }) => deletion === undefined);
  const { entries, skipToken } = pageFrom(inUse, keyOf, page);
  const shown = await withLongTags(entries, context);
  const items = shown.map((secret) => secretItem(secret, bundleContext(context)));
  return listed(items, { path: "/secrets", page, skipToken }, context);
}

/** The secrets that can be recovered, by name. */
export async function getDeletedSecrets(page: Page, context: OperationContext): Promise<Done> {
  const deletedOnes = present(context).flatMap(({ deletion, ...secret }) => (deletion ? { ...secret, deletion } : []));
  const { entries, skipToken } = pageFrom(deletedOnes, keyOf, page);
  const shown = await withLongTags(entries, context);
  const items = shown.map((secret) => deletedSecretItem(secret, context));
  return listed(items, { path: "/deletedsecrets", page, skipToken }, context);
}

/** Long tags are read from the objects, one after the other, and charged to the caller like as many requests. */
async function withLongTags<S extends Pick<IndexedSecret, "name" | "newest" | "hasLongTags">>(
  secrets: readonly S[],
  { store, vault, charge }: OperationContext,
): Promise<S[]> {
  charge(secrets.filter(({ hasLongTags }) => hasLongTags).length);
  const shown: S[] = [];
  for (const secret of secrets) {
    const { current } = secret.hasLongTags ? await store.read(vault, secret.name) : {};
    const { tags } = current?.versions.find(({ id }) => id === secret.newest.id) ?? {};
    shown.push(tags === undefined ? secret : { ...secret, newest: { ...secret.newest, tags } });
  }
  return shown;
}

/** The versions that are kept of a secret; none of one that is not there. */
export async function getSecretVersions(secret: string, page: Page, context: OperationContext): Promise<Done> {
  const found = active(await context.store.read(context.vault, secret));
  const versions = found instanceof VaultError ? [] : found.versions;
  const name = found instanceof VaultError ? secret : found.name;
  const { entries, skipToken } = pageFrom(versions, ({ id }) => id, page);
  const items = entries.map((version) => versionItem({ name }, version, bundleContext(context)));
  return listed(items, { path: `/secrets/${name}/versions`, page, skipToken }, context);
}

const keyOf = ({ name }: Pick<IndexedSecret, "name">): string => name.toLowerCase();

function present({ index, vault, clock }: OperationContext): IndexedSecret[] {
  const now = Math.floor(clock.now() / 1000);
  return index.of(vault).filter((outline) => !isGone(outline, now));
}

interface Listing {
  readonly path: string;
  readonly page: Page;
  readonly skipToken: string | undefined;
}

function listed(value: readonly object[], { path, page, skipToken }: Listing, context: OperationContext): Done {
  const parameters = `api-version=${page.apiVersion}&$skiptoken=${skipToken}&maxresults=${page.size}`;
  const nextLink = skipToken === undefined ? null : `${context.base}${path}?${parameters}`;
  return { status: 200, body: { value, nextLink } };
}
