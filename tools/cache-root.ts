import { homedir } from "node:os";
import { join } from "node:path";

/** Where builds and suites keep what is slow to make, outside the checkout. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function cacheRoot({ LANYARD_CACHE, XDG_CACHE_HOME }: NodeJS.ProcessEnv): string {
  return LANYARD_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "lanyard");
}
