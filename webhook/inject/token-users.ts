import { annotations } from "../../identity/names.ts";
import { readList } from "../../identity/pod-annotations.ts";
import type { TokenEndpoint } from "../environment.ts";
import { pointer } from "../json-patch.ts";
import { type EnvironmentPatch, environmentPatch, type PlacedContainer } from "./container-environment.ts";
import type { ExistingSidecar } from "./existing-sidecar.ts";
import { type AdmittedPod, annotationsOf } from "./pod.ts";
import { REDIRECT_CONTAINER } from "./redirect.ts";

/** Where the sidecar is, or will be: at the front of the list while it has no container. */
type SidecarPlace = Pick<ExistingSidecar, "list"> & Partial<Pick<ExistingSidecar, "container">>;

/**
 * The containers that can ask for tokens: those that start after the sidecar, save those that the author leaves out.
 * Init containers are over before a classic sidecar starts.
 */
export function tokenUsers(pod: AdmittedPod, { list, container: sidecar }: SidecarPlace): PlacedContainer[] {
  const place = (name: "initContainers" | "containers"): PlacedContainer[] =>
    (pod.spec[name] ?? []).map((container, at) => ({ container, path: pointer("spec", name, at) }));
  const inits = place("initContainers");
  const afterSidecar = inits.slice(inits.findIndex(({ container }) => container === sidecar) + 1);
  const started = [...(list === "initContainers" ? afterSidecar : []), ...place("containers")];
  const skipped = new Set(readList(annotationsOf(pod)[annotations.skipContainers] ?? "")).add(REDIRECT_CONTAINER);
  return started.filter(({ container }) => container !== sidecar && !skipped.has(container.name));
}

export function variablesFor(users: readonly PlacedContainer[], endpoint: TokenEndpoint): EnvironmentPatch {
  const patches = users.map((user) => environmentPatch(user, endpoint));
  return { patch: patches.flatMap(({ patch }) => patch), warnings: patches.flatMap(({ warnings }) => warnings) };
}
