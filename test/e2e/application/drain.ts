/**
 * `node drain.ts AUDIENCE SECONDS`: an application that finishes its work after SIGTERM: it asks for tokens for so long,
 * prints how that went, and ends.
 */
import { setTimeout as sleep } from "node:timers/promises";

const endpoint = process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;
const [audience = "", seconds = "5"] = process.argv.slice(2);

async function askOnce(): Promise<string> {
  const url = `${endpoint}/token?audience=${audience}&bypass_cache=true`;
  return fetch(url, { headers: { Metadata: "true" } }).then(
    (response) => String(response.status),
    (error: unknown) => String(error),
  );
}

process.once("SIGTERM", async () => {
  const end = Date.now() + Number(seconds) * 1000;
  const answers: Record<string, number> = {};
  while (Date.now() < end) {
    const answer = await askOnce();
    answers[answer] = (answers[answer] ?? 0) + 1;
    await sleep(400);
  }
  console.log(JSON.stringify({ answers }));
  process.exit(0);
});
console.log(JSON.stringify({ first: await askOnce() }));
setInterval(() => {}, 60_000);
