import { stringify } from "yaml";
import { SHORTEST_TOKEN_SECONDS } from "../../identity/authorize-audience.ts";
import { jsonEqual } from "../../identity/json-equal.ts";
import type { AnyRoleAssignment } from "../../identity/role-assignment.ts";
import { validateObject } from "../../identity/validate.ts";
import type { Manifest } from "../../kube/api.ts";
import type { Kind } from "../../kube/kind.ts";
import { clusterRoleAssignments, roleAssignments } from "../../kube/kinds.ts";
import { isStatus } from "../../kube/status-error.ts";
import type { Answer } from "../cluster/answer.ts";
import { explainRefusal } from "../cluster/explain-refusal.ts";
import type { Session } from "../cluster/session.ts";
import { type Readiness, untilReady } from "../cluster/until-ready.ts";
import { UsageError } from "../usage-error.ts";
import { assignmentManifest } from "./assignment-manifest.ts";
import { assignmentData, assignmentText, kubectlWith } from "./assignment-text.ts";
import { type CreateOptions, newAssignment } from "./new-assignment.ts";

export interface WriteOptions {
  readonly dryRun?: true;
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Gives a role: writes the assignment, and waits until it has its effect. */
export async function createAssignment(options: CreateOptions & WriteOptions, session: Session): Promise<Answer> {
  const { notes: found, ...wanted } = await newAssignment(options, session);
  const notes = [...found, ...shortNote(wanted.limits?.expiresAt, session.clock.now())];
  const manifest = checked(assignmentManifest(wanted));
  if (options.dryRun) return { code: 0, text: stringify(manifest).trimEnd(), data: manifest, notes };
  try {
    return { ...(await settled(await write(manifest, session), options, session)), notes };
  } catch (error) {
    const refusal = await explainRefusal(error, session.api);
    if (refusal === undefined) throw error;
    return { code: 1, text: "", data: { refused: refusal }, notes: [...notes, refusal] };
  }
}

function shortNote(expiresAt: string | undefined, now: number): string[] {
  const left = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) - now;
  return left >= SHORTEST_TOKEN_SECONDS * 1000
    ? []
    : [`No token will have this role: it ends in less than ${SHORTEST_TOKEN_SECONDS} s, and no token lives shorter.`];
}

/** As the API server will check it, in words for whoever wrote the options. */
function checked(manifest: Manifest): Manifest {
  const validation = validateObject(manifest.kind, manifest);
  if (validation.kind === "valid") return manifest;
  const problems = validation.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new UsageError(`this cannot be assigned: ${problems.join("; ")}.`);
}

const kindOf = ({ kind }: { readonly kind: string }): Kind<AnyRoleAssignment> =>
  kind === "RoleAssignment" ? roleAssignments : clusterRoleAssignments;

interface Written {
  readonly assignment: AnyRoleAssignment;
  readonly outcome: "created" | "was there already";
}

/** The same assignment made twice is one; another of its name is somebody else's. */
async function write(manifest: Manifest, { api }: Session): Promise<Written> {
  const kind = kindOf(manifest);
  try {
    return { assignment: await api.create(kind, manifest), outcome: "created" };
  } catch (error) {
    if (!isStatus(error, "AlreadyExists")) throw error;
    const existing = await api.get(kind, manifest.metadata);
    if (!jsonEqual(existing.spec, manifest.spec)) {
      throw new UsageError(otherwise(existing, manifest));
    }
    return { assignment: existing, outcome: "was there already" };
  }
}

/** Who wants another end is told how to have it: a second assignment beside the first would be one more to take away. */
function otherwise(existing: AnyRoleAssignment, { spec }: Manifest): string {
  const wanted = spec as AnyRoleAssignment["spec"];
  const { expiresAt } = wanted;
  if (expiresAt === undefined || !jsonEqual({ ...existing.spec, expiresAt }, wanted)) {
    return `${assignmentText(existing)} exists and says something else: choose another --name.`;
  }
  const patch = JSON.stringify({ spec: { expiresAt } });
  const now = existing.spec.expiresAt === undefined ? "never ends" : `ends at ${existing.spec.expiresAt}`;
  return `${assignmentText(existing)} exists and ${now}. To have it end at ${expiresAt}:\n\n  ${kubectlWith("patch", existing)} --type=merge -p '${patch}'`;
}

async function settled({ assignment, outcome }: Written, options: WriteOptions, session: Session): Promise<Answer> {
  const data = { assignment: assignmentData(assignment) };
  const text = `${assignmentText(assignment)} ${outcome}.`;
  if (!options.wait) return { code: 0, text, data };
  const { kind, metadata } = assignment;
  const patience = { timeoutMs: options.timeout * 1000, isPassing: (reason: string) => passing.has(reason) };
  const readiness = await untilReady(kindOf({ kind }), metadata, session, patience);
  const { status, reason, message } = readiness.condition ?? {};
  return {
    code: isAsWanted(readiness) ? 0 : 1,
    text: `${text} ${verdict(readiness, session.program)}`,
    data: { ...data, ready: status && { status, reason, message } },
  };
}

/** Another controller has still to do its part. */
const passing: ReadonlySet<string> = new Set(["KubernetesRolePending"]);

/** One that begins later is not in force, as it was asked for. */
const isAsWanted = ({ kind, condition }: Readiness): boolean =>
  kind === "ready" || condition?.reason === "NotYetInForce";

function verdict(readiness: Readiness, program: string): string {
  switch (readiness.kind) {
    case "ready":
      return "It is in force.";
    case "refused":
      return readiness.condition.message;
    case "late":
      return `It is not in force yet: ${readiness.condition?.message ?? "the operator has not looked at it. Is it running?"} See: ${program} role-assignment list`;
  }
}
