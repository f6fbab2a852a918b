import { deletedSecretItem, secretItem, versionItem } from "../protocol/bundle.ts";
import type { Page } from "../protocol/operation.ts";
import { pageFrom } from "../protocol/page.ts";
import { VaultError } from "../protocol/vault-error.ts";
import { active } from "../secret/change-secret.ts";
import { isDeleted, isGone, type SecretOutline } from "../secret/secret.ts";
import { bundleContext, type Done, type OperationContext } from "./operation-context.ts";

/** The secrets in use, by name, each with the attributes of its newest version. */
export function getSecrets(page: Page, context: OperationContext): Done {
  const inUse = present(context).filter((outline) => !isDeleted(outline));
  const { entries, skipToken } = pageFrom(inUse, keyOf, page);
  const items = entries.map((outline) => secretItem(outline, bundleContext(context)));
  return listed(items, { path: "/secrets", page, skipToken }, context);
}

/** The secrets that can be recovered, by name. */
export function getDeletedSecrets(page: Page, context: OperationContext): Done {
  const { entries, skipToken } = pageFrom(present(context).filter(isDeleted), keyOf, page);
  const items = entries.map((outline) => deletedSecretItem(outline, context));
  return listed(items, { path: "/deletedsecrets", page, skipToken }, context);
}

/** The versions that are kept of a secret; none of one that is not there. */
export async function getSecretVersions(secret: string, page: Page, context: OperationContext): Promise<Done> {
  const found = active(await context.store.read(context.vault, secret));
  const versions = found instanceof VaultError ? [] : found.versions;
  const name = found instanceof VaultError ? secret : found.name;
  const { entries, skipToken } = pageFrom(versions, ({ id }) => id, page);
  const items = entries.map((version) => versionItem({ name, versions }, version, bundleContext(context)));
  return listed(items, { path: `/secrets/${name}/versions`, page, skipToken }, context);
}

const keyOf = ({ name }: SecretOutline): string => name.toLowerCase();

function present({ index, vault, clock }: OperationContext): SecretOutline[] {
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
