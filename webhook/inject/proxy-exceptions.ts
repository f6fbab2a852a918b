import { exceptOwnHosts } from "../environment.ts";
import type { Container, Variable } from "./pod.ts";

const NAMES = ["NO_PROXY", "no_proxy"] as const;

/** What a container without a list of its own gets. */
const OWN_LIST = exceptOwnHosts("");

/**
 * `NO_PROXY` and `no_proxy`, also where no proxy is in sight: another webhook, `envFrom` or the image may bring one. A
 * list in `env` hides one from `envFrom`, so there it begins with a reference to it, which the kubelet replaces; one that
 * it cannot replace stays as it is written, and is the name of no host.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function proxyExceptions({ env, envFrom }: Container): Readonly<Record<string, string>> {
  const [upper, lower] = authoredLists(env ?? []);
  const hidden = (name: string): string[] => (envFrom && envFrom.length > 0 ? [`$(${name})`] : []);
  const base = {
    NO_PROXY: upper ?? [...hidden("NO_PROXY"), ...(lower === undefined ? hidden("no_proxy") : [lower])].join(","),
    no_proxy: lower ?? [...hidden("no_proxy"), ...(upper === undefined ? hidden("NO_PROXY") : [upper])].join(","),
  };
  return Object.fromEntries(NAMES.flatMap((name) => entry(name, exceptOwnHosts(base[name]))));
}

function entry(name: string, list: string | undefined): [string, string][] {
  return list === undefined ? [] : [[name, list]];
}

/** None where both are as an earlier call of this webhook wrote them: `envFrom` may have been added since. */
function authoredLists(variables: readonly Variable[]): (string | undefined)[] {
  const lists = NAMES.map((name) => variables.findLast((variable) => variable.name === name)?.value ?? undefined);
  return lists.every((list) => list === OWN_LIST) ? [] : lists;
}
