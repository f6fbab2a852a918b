/**
 * The application: it asks the inventory what is in stock. It holds no credential; the unmodified SDK finds the managed
 * identity of whatever it runs as. With `--until-allowed` or `--until-refused` it asks until the door opens or closes,
 * with `--watch` for ever, and tells when that happens.
 */
import { setTimeout } from "node:timers/promises";
import { DefaultAzureCredential } from "@azure/identity";

const inventoryUrl = process.env.INVENTORY_URL ?? "http://127.0.0.1:8080";
const scope = "https://inventory.inventory.svc/.default";
const credential = new DefaultAzureCredential();

interface Answer {
  readonly ok: boolean;
  readonly answer: string;
}

const failed =
  (what: string) =>
  (error: Error): Answer => ({ ok: false, answer: `${what}: ${error.message}` });

function askForStock(): Promise<Answer> {
  return credential.getToken(scope).then(({ token }) => ask(token).catch(failed("no answer")), failed("no token"));
}

async function ask(token: string): Promise<Answer> {
  const response = await fetch(`${inventoryUrl}/stock`, { headers: { authorization: `Bearer ${token}` } });
  return { ok: response.ok, answer: `${response.status} ${await response.text()}` };
}

const [wish] = process.argv.slice(2);
const isWished = (ok: boolean): boolean => (wish === "--until-allowed" ? ok : wish !== "--until-refused" || !ok);
const pauseMilliseconds = wish === "--watch" ? 1000 : 10;

let reply = await askForStock();
console.log(reply.answer);
while (wish === "--watch" || !isWished(reply.ok)) {
  await setTimeout(pauseMilliseconds);
  const wasOk = reply.ok;
  reply = await askForStock();
  if (wish === "--watch" ? reply.ok !== wasOk : isWished(reply.ok)) console.log(reply.answer);
}
process.exitCode = reply.ok ? 0 : 1;
