import { z } from "zod";

/** What of a pod's spec says on which nodes it may run. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
const expression = z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() });
const expressions = z.array(expression).nullish();
export type NodeExpression = z.infer<typeof expression>;

const termSchema = z.object({ matchExpressions: expressions, matchFields: expressions });

const windowsOptions = z.object({ hostProcess: z.boolean().nullish() }).nullish();

export const placementFields = {
  os: z.object({ name: z.string() }).nullish(),
  nodeName: z.string().nullish(),
  nodeSelector: z.record(z.string(), z.string()).nullish(),
  affinity: z
    .object({
      nodeAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .object({
              nodeSelectorTerms: z.array(termSchema).nullish(),
            })
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
};

export const windowsOptionsField = { windowsOptions };

const placementSchema = z.object({
  ...placementFields,
  securityContext: z.object(windowsOptionsField).nullish(),
  containers: z.array(z.object({ securityContext: z.object(windowsOptionsField).nullish() })).nullish(),
});
/** A pod as far as its place is concerned. A RuntimeClass adds its node selector to the pod's before webhooks run. */
export type Placement = z.infer<typeof placementSchema>;

export type NodeOs = "linux" | "windows";

/** The system of one node by its name; undefined where it is not known. */
export type OsOfNode = (node: string) => NodeOs | undefined;
const unknownNode: OsOfNode = () => undefined;

const osLabels: readonly string[] = ["kubernetes.io/os", "beta.kubernetes.io/os"];
const WINDOWS_BUILD = "node.kubernetes.io/windows-build";

/** Whether a pod can run on Windows alone, where there is no sidecar. https://kubernetes.io/docs/concepts/windows/user-guide/ */
export function isWindowsPod(placement: Placement, osOfNode: OsOfNode = unknownNode): boolean {
  return [...possibleSystems(placement, osOfNode)].join() === "windows";
}

/** Whether what a pod says of its system leaves none: it is never scheduled. */
export function isOsContradictory(placement: Placement, osOfNode: OsOfNode = unknownNode): boolean {
  return possibleSystems(placement, osOfNode).size === 0;
}

const both: ReadonlySet<NodeOs> = new Set(["linux", "windows"]);
const linux: ReadonlySet<NodeOs> = new Set(["linux"]);
const windows: ReadonlySet<NodeOs> = new Set(["windows"]);

function possibleSystems(placement: Placement, osOfNode: OsOfNode): ReadonlySet<NodeOs> {
  const { os, nodeName, nodeSelector, affinity } = placement;
  const selected = Object.entries(nodeSelector ?? {}).map(([key, value]) => ({ key, operator: "In", values: [value] }));
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return intersection([
    os?.name === undefined ? both : named([os.name]),
    isHostProcess(placement) ? windows : both,
    nodeName ? ofNodes([nodeName], osOfNode) : both,
    intersection(selected.map(ofExpression)),
    terms.length === 0 ? both : union(terms.map((term) => ofTerm(term, osOfNode))),
  ]);
}

type Term = z.infer<typeof termSchema>;

/** A term without conditions selects no node. */
function ofTerm({ matchExpressions, matchFields }: Term, osOfNode: OsOfNode): ReadonlySet<NodeOs> {
  const [expressions, fields] = [matchExpressions ?? [], matchFields ?? []];
  if (expressions.length + fields.length === 0) return new Set();
  const nodes = fields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
  return intersection([
    ...expressions.map(ofExpression),
    ...nodes.map(({ values }) => ofNodes(values ?? [], osOfNode)),
  ]);
}

function ofExpression({ key, operator, values }: NodeExpression): ReadonlySet<NodeOs> {
  if (key === WINDOWS_BUILD) return ofBuild(operator);
  if (!osLabels.includes(key)) return both;
  if (operator === "In") return named(values ?? []);
  return operator === "NotIn" ? without(named(values ?? [])) : both;
}

/** Only nodes with Windows have a build; those without one also match NotIn. */
function ofBuild(operator: string): ReadonlySet<NodeOs> {
  if (operator === "DoesNotExist") return linux;
  return operator === "NotIn" ? both : windows;
}

function ofNodes(names: readonly string[], osOfNode: OsOfNode): ReadonlySet<NodeOs> {
  const systems = names.map(osOfNode);
  return systems.length === 0 || systems.includes(undefined) ? both : new Set(systems.flatMap((os) => os ?? []));
}

function isHostProcess({ securityContext, containers }: Placement): boolean {
  const contexts = [securityContext, ...(containers ?? []).map((container) => container.securityContext)];
  return contexts.some((context) => context?.windowsOptions?.hostProcess === true);
}

const named = (names: readonly string[]): ReadonlySet<NodeOs> => new Set([...both].filter((os) => names.includes(os)));
const without = (systems: ReadonlySet<NodeOs>): ReadonlySet<NodeOs> => both.difference(systems);
const intersection = (sets: readonly ReadonlySet<NodeOs>[]): ReadonlySet<NodeOs> =>
  sets.reduce((all, set) => all.intersection(set), both);
const union = (sets: readonly ReadonlySet<NodeOs>[]): ReadonlySet<NodeOs> =>
  sets.reduce((all, set) => all.union(set), new Set<NodeOs>());
