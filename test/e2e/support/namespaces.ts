import { afterAll, beforeAll } from "vitest";
import { labels } from "../../../identity/names.ts";
import { programs } from "./application.ts";
import { apply, kubectl } from "./kubectl.ts";

/** By which the suite finds what it made. */
export const OWN = { "app.kubernetes.io/part-of": "lanyard-e2e" };

export interface NamespaceOptions {
  /** Whether its pods get the sidecar. */
  readonly isOptedIn?: boolean;
}

/** A namespace as a careful administrator makes one: it takes no pod that breaks the Pod Security Standard `restricted`. */
export function namespace(name: string, { isOptedIn = true }: NamespaceOptions = {}): object {
  const optIn = isOptedIn ? { [labels.inject]: "enabled" } : {};
  const security = { "pod-security.kubernetes.io/enforce": "restricted" };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { ...OWN, ...security, ...optIn } } };
}

/** Makes a file's namespaces before its tests, and deletes them after. */
export function useNamespaces(...names: readonly string[]): void {
  beforeAll(() => makeNamespaces(...names));
  afterAll(() => deleteNamespaces(...names));
}

export async function makeNamespaces(...names: readonly string[]): Promise<void> {
  await apply(...names.flatMap((name) => [namespace(name), programs(name)]));
}

/** The next file does not wait until they are gone; the end of the run does. */
export async function deleteNamespaces(...names: readonly string[]): Promise<void> {
  await kubectl("delete", "namespace", "--ignore-not-found", "--wait=false", ...names);
}
