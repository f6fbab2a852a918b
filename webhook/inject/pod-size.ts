import { API_GROUP, annotations } from "../../identity/names.ts";
import { readList } from "../../identity/pod-annotations.ts";
import { webhookLimits } from "../limits.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";

const lists = [annotations.skipContainers, annotations.gate, annotations.dialects];

/** What a pod has more of than any pod can sensibly hold, as a sentence without an end; undefined for every other pod. */
export function oversized(pod: AdmittedPod): string | undefined {
  const { containers, initContainers, volumes } = pod.spec;
  return (
    excess("containers and init containers", containers.length + (initContainers?.length ?? 0), "containersPerPod") ??
    excess("volumes", volumes?.length ?? 0, "volumesPerPod") ??
    longAnnotation(annotationsOf(pod))
  );
}

type CountLimit = "containersPerPod" | "volumesPerPod" | "namesPerAnnotation";

function excess(what: string, count: number, limit: CountLimit): string | undefined {
  const most = webhookLimits[limit];
  return count > most ? `the pod has ${count} ${what}, and an injected pod may have ${most}` : undefined;
}

/** Lists are read only once their text is known to be short. */
function longAnnotation(written: Readonly<Record<string, string>>): string | undefined {
  const most = webhookLimits.annotationCharacters;
  for (const key of Object.values(annotations)) {
    const { length } = written[key] ?? "";
    if (length > most) return `annotation ${key} has ${length} characters, and may have ${most}`;
  }
  for (const key of lists) {
    const problem = excess(`names in annotation ${key}`, readList(written[key] ?? "").length, "namesPerAnnotation");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The annotations of the pod that are ours, as many as are checked. */
export function ownAnnotations(pod: AdmittedPod): Record<string, string> {
  const own: Record<string, string> = {};
  let count = 0;
  for (const [key, value] of Object.entries(annotationsOf(pod))) {
    if (!key.startsWith(`${API_GROUP}/`)) continue;
    if (++count > webhookLimits.annotationsChecked) break;
    own[key] = value;
  }
  return own;
}
