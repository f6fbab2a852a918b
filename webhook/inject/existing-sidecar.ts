import { annotations, injection } from "../../identity/names.ts";
import { readList, readPort } from "../../identity/pod-annotations.ts";
import type { TokenEndpoint } from "../environment.ts";
import { type AdmittedPod, annotationsOf, type Container } from "./pod.ts";

/** The sidecar that an earlier call put into the pod, and the endpoint that its containers know. */
export interface ExistingSidecar {
  readonly container: Container;
  readonly list: "initContainers" | "containers";
  readonly endpoint: TokenEndpoint;
}

/** Only with the annotation: a container of that name which somebody else wrote is a conflict, not our work. */
export function findSidecar(pod: AdmittedPod): ExistingSidecar | undefined {
  if (!Object.hasOwn(annotationsOf(pod), annotations.injected)) return undefined;
  if (!pod.spec.volumes?.some(({ name }) => name === injection.volume)) return undefined;
  for (const list of ["initContainers", "containers"] as const) {
    const container = pod.spec[list]?.find(({ name }) => name === injection.container);
    const endpoint = container === undefined ? undefined : endpointOf(container);
    if (container !== undefined && endpoint !== undefined) return { container, list, endpoint };
  }
  return undefined;
}

function endpointOf({ env }: Container): TokenEndpoint | undefined {
  const value = (name: string): string => env?.find((variable) => variable.name === name)?.value ?? "";
  const port = readPort(value("LANYARD_PORT"));
  const header = value("LANYARD_ENDPOINT_HEADER");
  if (port === undefined || header === "") return undefined;
  const secrets = value("LANYARD_SECRET_FILES") === "" ? {} : { secretsDirectory: injection.secretsPath };
  return { port, header, dialects: readList(value("LANYARD_DIALECTS")), ...secrets };
}
