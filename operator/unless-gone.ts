import { isStatus } from "../kube/status-error.ts";

/** The answer to a request about an object; undefined when somebody, such as garbage collection, has deleted it. */
export async function unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isStatus(error, "NotFound")) return undefined;
    throw error;
  }
}
