/** Path and query of a URL, as they were sent: nothing decoded, no dot segments resolved. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

/** Takes an absolute URL, as `Request.url` is, or one that starts with its path. */
export function targetOf(url: string): Target {
  const withoutFragment = before(url, "#");
  const start = pathStart(withoutFragment);
  const path = before(withoutFragment.slice(start), "?");
  return { path: path === "" ? "/" : path, query: withoutFragment.slice(start + path.length + 1) };
}

function pathStart(url: string): number {
  if (url.startsWith("/")) return 0;
  const authority = url.indexOf("://") + 3;
  const end = url.slice(authority).search(/[/?]/);
  return end === -1 ? url.length : authority + end;
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at === -1 ? text : text.slice(0, at);
}
