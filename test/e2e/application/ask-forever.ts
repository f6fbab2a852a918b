/**
 * `node ask-forever.ts AUDIENCE`: an application under load. Asks for a token that is in memory every 50 ms, and for a
 * new one every 500 ms. Prints what it counted every second, and each failure. It never tries again: one that would be
 * forgiven by an SDK counts here.
 */
import { setTimeout as sleep } from "node:timers/promises";

const endpoint = process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;
const [audience = ""] = process.argv.slice(2);
const counts = { cached: 0, fresh: 0, failed: 0 };
let newest = "";

async function ask(kind: "cached" | "fresh"): Promise<void> {
  const bypass = kind === "fresh" ? "&bypass_cache=true" : "";
  try {
    const response = await fetch(`${endpoint}/token?audience=${audience}${bypass}`, { headers: { Metadata: "true" } });
    const text = await response.text();
    if (response.ok) take(kind, JSON.parse(text) as { readonly access_token: string });
    else fail(`${kind}: ${response.status} ${text}`);
  } catch (error) {
    fail(`${kind}: ${error}`);
  }
}

/** While the issuer is away the endpoint answers out of its memory, even who insists on a new token. */
function take(kind: "cached" | "fresh", { access_token: token }: { readonly access_token: string }): void {
  if (kind === "fresh" && token === newest) {
    fail("fresh: the token is one from memory");
    return;
  }
  if (kind === "fresh") newest = token;
  counts[kind] += 1;
}

function fail(failure: string): void {
  counts.failed += 1;
  console.log(JSON.stringify({ at: new Date().toISOString(), failure }));
}

async function askEvery(milliseconds: number, kind: "cached" | "fresh"): Promise<never> {
  for (;;) {
    await ask(kind);
    await sleep(milliseconds);
  }
}

process.once("SIGTERM", () => process.exit(0));
setInterval(() => console.log(JSON.stringify(counts)), 1_000);
await Promise.all([askEvery(50, "cached"), askEvery(500, "fresh")]);
