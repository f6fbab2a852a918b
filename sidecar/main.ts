import { systemClock } from "./clock.ts";
import { directFetch, forgetForeignVariables } from "./direct-fetch.ts";
import { allDialects } from "./handler.ts";
import { sidecarLimits } from "./limits.ts";
import { serve } from "./serve.ts";
import { parseSettings } from "./settings.ts";
import { type Awaited, waitUntil } from "./wait.ts";
import { parseWaitSettings } from "./wait-settings.ts";

forgetForeignVariables(process.env);

/**
 * The process in the pod. Without an argument it serves. `wait` is the gate: it fails if that process is not ready in
 * time; with `--fail-open` it never fails. `live` is the liveness probe.
 */
const [mode, option] = process.argv.slice(2);
if (mode === undefined) startServing();
else if (mode === "wait" && option === undefined) void ask("ready", 1);
else if (mode === "wait" && option === "--fail-open") void ask("ready", 0);
else if (mode === "live" && option === undefined) void ask("alive", 1);
else failWith([`Unknown argument "${option ?? mode}": use none to serve, wait, wait --fail-open, or live.`]);

function startServing(): void {
  const names = allDialects.map((dialect) => dialect.name);
  const parsed = parseSettings(process.env, names);
  if (parsed.kind === "settings") serve(parsed.settings);
  else failWith(parsed.problems);
}

async function ask(awaited: Awaited, codeOfFailure: 0 | 1): Promise<void> {
  const parsed = parseWaitSettings(process.env);
  if (parsed.kind === "invalid") failWith(parsed.problems);
  const limitSeconds = awaited === "alive" ? sidecarLimits.livenessSeconds : parsed.settings.limitSeconds;
  const outcome = await waitUntil(awaited, {
    ...parsed.settings,
    limitSeconds,
    clock: systemClock,
    fetch: directFetch,
  });
  if (outcome.kind === "gave up") console.error(`not ${awaited} after ${limitSeconds} s: ${outcome.reason}`);
  process.exit(outcome.kind === "gave up" ? codeOfFailure : 0);
}

function failWith(problems: readonly string[]): never {
  console.error(JSON.stringify({ message: "invalid settings", problems }));
  process.exit(2);
}
