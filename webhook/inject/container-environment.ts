import { type AdmissionReason, admissionReasons } from "../../identity/admission-reasons.ts";
import { environment } from "../../identity/names.ts";
import { type Environment, identityVariables, isExtensible, type TokenEndpoint } from "../environment.ts";
import { append, type PatchOperation, pointer } from "../json-patch.ts";
import type { Container, Variable } from "./pod.ts";
import { proxyExceptions } from "./proxy-exceptions.ts";

/** A container, and where it stands in the pod. */
export interface PlacedContainer {
  readonly container: Container;
  readonly path: string;
}

export interface EnvironmentPatch {
  readonly patch: readonly PatchOperation[];
  readonly warnings: readonly AdmissionReason[];
}

const identityNames: readonly string[] = Object.values(environment);
const FROM_ELSEWHERE = "set by the author";

/** The variables that one container still lacks. */
export function environmentPatch({ container, path }: PlacedContainer, endpoint: TokenEndpoint): EnvironmentPatch {
  const variables = container.env ?? [];
  const isReadable = ["NO_PROXY", "no_proxy"].every((name) => isReadableList(lastNamed(variables, name)));
  const identity = identityVariables(endpoint, authoredEnvironment(variables));
  const possible = Object.entries({ ...identity, ...(isReadable ? proxyExceptions(container) : {}) });
  const missing = possible.filter(([name]) => lastNamed(variables, name) === undefined);
  return {
    patch: [
      ...possible.flatMap(([name, value]) => extension(`${path}/env`, variables, { name, value })),
      ...append(
        `${path}/env`,
        container.env,
        missing.map(([name, value]) => ({ name, value })),
      ),
    ],
    warnings: isReadable ? [] : [admissionReasons.NoProxyUnreadable(container.name)],
  };
}

/** Of several variables of one name the last one counts. */
function authoredEnvironment(variables: readonly Variable[]): Environment {
  return Object.fromEntries(variables.map((variable) => [variable.name, authoredText(variable)]));
}

/** An identity variable that is there at all is the author's, even without a value. */
function authoredText(variable: Variable): string {
  const isAuthored = isFromElsewhere(variable) || identityNames.includes(variable.name);
  return variable.value || (isAuthored ? FROM_ELSEWHERE : "");
}

/** A list of proxy exceptions that can be extended. */
function isReadableList(variable: Variable | undefined): boolean {
  return !isFromElsewhere(variable) && isExtensible(variable?.value ?? "");
}

function isFromElsewhere(variable: Variable | undefined): boolean {
  return variable?.valueFrom !== undefined && variable.valueFrom !== null;
}

function lastNamed(variables: readonly Variable[], name: string): Variable | undefined {
  return variables.findLast((variable) => variable.name === name);
}

/** The one value of the author's that is changed: a longer list of proxy exceptions, which begins as it was written. */
function extension(
  path: string,
  variables: readonly Variable[],
  { name, value }: Required<Pick<Variable, "name" | "value">>,
): PatchOperation[] {
  const at = variables.findLastIndex((variable) => variable.name === name);
  const written = variables[at];
  if (written === undefined || written.value === value) return [];
  const op = typeof written.value === "string" ? "replace" : "add";
  return [{ op, path: path + pointer(at, "value"), value }];
}
