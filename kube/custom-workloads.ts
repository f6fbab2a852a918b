import { z } from "zod";
import { isDnsSubdomain } from "../identity/dns-name.ts";
import { workloadKinds } from "../identity/managed-identity.ts";
import { templatedWorkloadSchema } from "./core-objects.ts";
import type { Kind, KubeObject } from "./kind.ts";
import { isStatus } from "./status-error.ts";

/** A kind of an API that extends Kubernetes, whose objects own pods, directly or through others. */
export interface WorkloadResource {
  /** `argoproj.io`. */
  readonly apiGroup: string;
  /** The plural, as in RBAC: `rollouts`. */
  readonly resource: string;
}

/** What an installation may name: each kind is a watch of every object of it. */
export const MOST_WORKLOAD_RESOURCES = 32;

const groupSchema = z.object({ preferredVersion: z.object({ groupVersion: z.string() }) });
const servedResourceSchema = z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() });
type ServedResource = z.infer<typeof servedResourceSchema>;
const resourcesSchema = z.object({ resources: z.array(servedResourceSchema) });

export interface Discovered {
  readonly kinds: readonly Kind[];
  /** Those that the API server does not serve, or that cannot be told from a kind before them, with the reason. */
  readonly left: readonly { readonly resource: WorkloadResource; readonly why: string }[];
}

/**
 * Asks the API server for the kind and the preferred version of each resource. A CRD that is not installed yet is left.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
 */
export async function discoverWorkloads(
  raw: (path: string) => Promise<unknown>,
  resources: readonly WorkloadResource[],
): Promise<Discovered> {
  const kinds: Kind[] = [];
  const left: { resource: WorkloadResource; why: string }[] = [];
  const names = new Set<string>(workloadKinds);
  for (const resource of resources.slice(0, MOST_WORKLOAD_RESOURCES)) {
    const { apiGroup, resource: plural } = resource;
    const found = await discover(raw, apiGroup, { wanted: plural, has: ({ name }) => name === plural });
    if (typeof found === "string") left.push({ resource, why: found });
    else if (names.has(found.kind)) left.push({ resource, why: `another workload has the kind ${found.kind}` });
    else {
      names.add(found.kind);
      kinds.push(found);
    }
  }
  return { kinds, left };
}

/**
 * Returns the kind that an owner reference or an identity names, in the preferred version of its group, or undefined if
 * the API server does not serve it. The core group (`v1`) has no custom kinds.
 */
export async function discoverKind(
  raw: (path: string) => Promise<unknown>,
  { apiVersion, kind }: Pick<Kind, "apiVersion" | "kind">,
): Promise<Kind | undefined> {
  const group = groupOf(apiVersion);
  if (!isDnsSubdomain(group)) return undefined;
  const has = (served: ServedResource): boolean => served.kind === kind && !served.name.includes("/");
  const found = await discover(raw, group, { wanted: kind, has });
  return typeof found === "string" ? undefined : found;
}

interface Choice {
  /** As messages name it. */
  readonly wanted: string;
  readonly has: (served: ServedResource) => boolean;
}

async function discover(
  raw: (path: string) => Promise<unknown>,
  apiGroup: string,
  { wanted, has }: Choice,
): Promise<Kind | string> {
  try {
    const { preferredVersion } = groupSchema.parse(await raw(`/apis/${apiGroup}`));
    const apiVersion = preferredVersion.groupVersion;
    const { resources } = resourcesSchema.parse(await raw(`/apis/${apiVersion}`));
    const found = resources.find(has);
    if (found === undefined) return `${apiVersion} has no ${wanted}`;
    return found.namespaced ? customWorkload(apiVersion, found.kind, found.name) : `${found.name} are not namespaced`;
  } catch (error) {
    if (isStatus(error, "NotFound")) return `the API server does not serve ${apiGroup}`;
    throw error;
  }
}

/** Of an object nobody here knows, the metadata is read, and the annotations of `spec.template` where it has one. */
export function customWorkload(apiVersion: string, kind: string, plural: string): Kind {
  return {
    ...{ apiVersion, kind, plural, namespaced: true, statusSubresource: false },
    parse(object): KubeObject {
      const parsed = templatedWorkloadSchema.safeParse(object);
      return parsed.success ? parsed.data : metadataOnly.parse(object);
    },
  };
}

const metadataOnly = templatedWorkloadSchema.pick({ apiVersion: true, kind: true, metadata: true });

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
