import { didYouMean } from "../../identity/nearest-name.ts";
import type { AuditRecord } from "../../issuer/audit.ts";
import { type Clock, systemClock } from "../../kube/clock.ts";
import { CleanUp } from "./clean-up.ts";
import type { Endpoint } from "./endpoint.ts";
import { EndpointSet } from "./endpoint-set.ts";
import { FileSet, type Loaded } from "./file-set.ts";
import { holdReports } from "./held-reports.ts";
import type { Problem } from "./manifest-file.ts";
import { startObjectReports } from "./object-reports.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { type PlacedSecretFiles, placeSecretFiles } from "./place-secret-files.ts";
import { type Plane, startPlane } from "./plane.ts";
import { devLog, type Report, reportAudit } from "./reports.ts";
import { openState } from "./state.ts";
import { startVaults, type VaultsOptions } from "./vaults.ts";
import { ensureReferenced } from "./virtual-pod.ts";
import { watchFiles } from "./watch-files.ts";
import { type WorkloadReference, workloadReferenceText } from "./workload-reference.ts";

export interface DevOptions {
  /** Files or directories, as `kubectl apply -f` takes them. */
  readonly files: readonly string[];
  /** Who gets an endpoint; everyone in the files when it is empty. */
  readonly as: readonly WorkloadReference[];
  /** Port of the first endpoint; the next ones follow. Any free port when left out. */
  readonly port?: number | undefined;
  readonly issuerPort?: number | undefined;
  readonly stateDirectory?: string | undefined;
  /** Serves the vaults of the files; not when left out. */
  readonly vaults?: VaultsOptions | undefined;
  readonly clock?: Clock;
  readonly report: Report;
}

/** A running identity plane with one token endpoint a pod. */
export interface Dev {
  readonly issuerUrl: string;
  readonly endpoints: readonly Endpoint[];
  /** What a program needs besides, to find the vaults and to trust them. */
  readonly vaultEnvironment: () => Readonly<Record<string, string>>;
  /** Puts the secrets that an endpoint's pod asks for into files, and waits until they are there. */
  placeSecretFiles(endpoint: Endpoint): Promise<PlacedSecretFiles>;
  stop(): Promise<void>;
}

/** The files cannot be applied, and there is no earlier state to keep serving. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`${problems.length} problem${problems.length === 1 ? "" : "s"} in the files`);
    this.problems = problems;
  }
}

/** Brings the whole plane up from files, and follows them until it is stopped. Rejects with a ManifestError or UsageError. */
export async function startDev(options: DevOptions): Promise<Dev> {
  const cleanUp = new CleanUp();
  try {
    return await bringUp(options, cleanUp);
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function bringUp(options: DevOptions, cleanUp: CleanUp): Promise<Dev> {
  const { report, clock = systemClock } = options;
  const state = await openState(options.stateDirectory);
  cleanUp.add(() => state.close());
  const audit = (record: AuditRecord): void => reportAudit(record, endpoints.asOfPod(record.pod?.uid), report);
  const plane = await startPlane({ clock, state, issuerPort: options.issuerPort, log: devLog(report), audit });
  cleanUp.add(() => plane.stop());
  const endpoints = new EndpointSet({ ...plane, clock, report }, options.port);
  cleanUp.add(() => endpoints.close());
  const vaults = options.vaults && (await startVaults(options.vaults, { plane, clock, report, cleanUp }));
  const objectReports = holdReports(report);
  const objects = await startObjectReports(plane.api, clock, objectReports.report);
  cleanUp.add(() => objects.stop());

  const files = new FileSet(plane.api, options.files);
  const settle = async (references: readonly WorkloadReference[]): Promise<void> => {
    await plane.settled();
    await endpoints.follow(options.as.length > 0 ? options.as : references);
    await vaults?.follow();
    await state.save(plane.api, plane.issuerPort);
  };

  const loaded = await files.load();
  if (loaded.kind === "refused") throw new ManifestError(loaded.problems);
  reportNotices(loaded, report);
  await makeReferenced(plane, options.as, loaded.references, report);
  await settle(loaded.references);
  await vaults?.putFirstSecrets();
  report({ event: "started", issuer: plane.issuerUrl, tenantId: plane.tenantId });
  objects.begin();
  endpoints.announce();
  vaults?.announce();

  let wasRefused = false;
  const onError = (error: unknown): void => {
    wasRefused = true;
    report({ event: "notice", message: `the files were not applied: ${messageOf(error)}` });
  };
  const reload = oneAtATime(async () => {
    const again = await objectReports.during(async () => reportChanges(await files.load(), wasRefused, report));
    wasRefused = again.kind === "refused";
    if (again.kind === "applied") await settle(again.references);
  }, onError);
  cleanUp.add(await watchFiles(options.files, reload));
  report({ event: "ready" });
  return {
    issuerUrl: plane.issuerUrl,
    endpoints: endpoints.list,
    vaultEnvironment: () => vaults?.environment() ?? {},
    placeSecretFiles: (endpoint) => placeSecretFiles({ endpoint, vaults, clock, report, cleanUp }),
    stop: () => cleanUp.run(),
  };
}

/** Makes what `--as` names and no file has; a name that is near to one in the files was most likely meant to be that. */
async function makeReferenced(
  { api }: Plane,
  references: readonly WorkloadReference[],
  inFiles: readonly WorkloadReference[],
  report: Report,
): Promise<void> {
  for (const reference of references) {
    const made = await ensureReferenced(api, reference);
    const text = workloadReferenceText(reference);
    const known = inFiles.map(workloadReferenceText);
    // A ManagedIdentity may name a ServiceAccount that no file has.
    const hint = known.includes(text) ? "" : didYouMean(text, known);
    if (made !== undefined) report({ event: "notice", message: `${made}.${hint}` });
  }
}

/** Files that are mended say so, also where nothing has changed since they were last applied. */
function reportChanges(loaded: Loaded, wasRefused: boolean, report: Report): Loaded {
  if (loaded.kind === "refused") {
    report({ event: "problems", problems: loaded.problems });
    return loaded;
  }
  if (wasRefused || loaded.changes.length > 0) {
    report({ event: "applied", changes: loaded.changes, ...(wasRefused ? { mended: true } : {}) });
  }
  reportNotices(loaded, report);
  return loaded;
}

function reportNotices({ ignored, warnings }: Extract<Loaded, { kind: "applied" }>, report: Report): void {
  if (ignored.length > 0)
    report({ event: "notice", message: `not needed on a laptop, so left out: ${ignored.join(", ")}` });
  for (const message of warnings) report({ event: "notice", message });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
