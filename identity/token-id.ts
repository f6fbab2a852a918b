/** 128 KiB, of which deflate makes a few hundred bytes, since nearly all of it is alike. */
export const STATUS_LIST_BITS = 2 ** 20;

const UUID = "[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}";
const TOKEN_ID = new RegExp(`^${UUID}(\\.[\\da-z]{1,4})?$`);

/** Returns the `jti` of a token: it carries the place in its status list, so that a token can be revoked by its id alone. */
export function tokenIdWith(id: string, index: number): string {
  return `${id}.${index.toString(36)}`;
}

/** Returns the place in a status list, or undefined for the id of a token that is in no list. */
export function indexInTokenId(jti: string): number | undefined {
  const [, digits] = /\.([\da-z]{1,4})$/.exec(jti) ?? [];
  const index = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return index < STATUS_LIST_BITS ? index : undefined;
}

/** Whether an issuer can have made this `jti`: a UUID, followed by a place in a status list where there are lists. */
export function isTokenId(text: string): boolean {
  const form = TOKEN_ID.exec(text);
  return form !== null && (form[1] === undefined || indexInTokenId(text) !== undefined);
}
