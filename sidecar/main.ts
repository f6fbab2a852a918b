import { systemClock } from "./clock.ts";
import { directFetch, forgetForeignVariables } from "./direct-fetch.ts";
import { allDialects } from "./handler.ts";
import { serve } from "./serve.ts";
import { parseSettings } from "./settings.ts";
import { waitUntilReady } from "./wait.ts";
import { parseWaitSettings, type WaitSettings } from "./wait-settings.ts";

forgetForeignVariables(process.env);

/** The process in the pod: without an argument it serves, with `wait` it is the gate that waits until another one does. */
const [mode] = process.argv.slice(2);
if (mode === undefined) startServing();
else if (mode === "wait") startWaiting();
else failWith([`Unknown argument "${mode}": use none to serve, or wait.`]);

function startServing(): void {
  const names = allDialects.map((dialect) => dialect.name);
  const parsed = parseSettings(process.env, names);
  if (parsed.kind === "settings") serve(parsed.settings);
  else failWith(parsed.problems);
}

function startWaiting(): void {
  const parsed = parseWaitSettings(process.env);
  if (parsed.kind === "settings") void wait(parsed.settings);
  else failWith(parsed.problems);
}

async function wait(settings: WaitSettings): Promise<void> {
  const outcome = await waitUntilReady({ ...settings, clock: systemClock, fetch: directFetch });
  if (outcome.kind === "gave up") console.error(`not ready after ${settings.limitSeconds} s: ${outcome.reason}`);
  process.exit(outcome.kind === "ready" ? 0 : 1);
}

function failWith(problems: readonly string[]): never {
  console.error(JSON.stringify({ message: "invalid settings", problems }));
  process.exit(2);
}
