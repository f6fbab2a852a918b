/** `make demo`: the main job end to end, told as a story. Every step is checked; the first that differs ends it with exit code 1. */
import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lanyard } from "./demo/lanyard.ts";
import { heading, say, show } from "./demo/narrate.ts";
import { stopAll } from "./demo/processes.ts";
import { type Inventory, resultOf, runOrders, startInventory, startOrders } from "./demo/services.ts";
import { tellOfVault } from "./demo/vault-chapter.ts";

const began = performance.now();
const files = await mkdtemp(join(tmpdir(), "lanyard-demo-"));
const apply = (name: string): Promise<void> => cp(join(import.meta.dirname, name), join(files, name));
const remove = (name: string): Promise<void> => rm(join(files, name));

let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interrupted = true;
    void cleanUp().then(() => process.exit(1));
  });
}
try {
  await Promise.all([apply("app.yaml"), apply("inventory.yaml")]);
  const lanyard = await Lanyard.start(files);
  await tell(lanyard, await startInventory(await lanyard.issuer()));
  await tellOfVault(lanyard, { apply, remove });
  heading(`Every step was as it should be (${((performance.now() - began) / 1000).toFixed(1)} s).`);
  say("Now yourself: npx lanyard dev --vault -f examples/orders");
} catch (error) {
  if (!interrupted) {
    heading("This step was not as it should be:");
    say(error instanceof Error ? error.message : String(error));
  }
  process.exitCode = 1;
} finally {
  await cleanUp();
}

async function cleanUp(): Promise<void> {
  await stopAll();
  await rm(files, { recursive: true, force: true });
}

async function tell(lanyard: Lanyard, inventory: Inventory): Promise<void> {
  const orders = await lanyard.endpoint("shop/orders");
  const identity = await lanyard.identity("shop/orders");
  heading("Two services, and no password, key or connection string anywhere");
  say("Team shop wrote a ManagedIdentity. Team inventory registered its service. Nobody may do anything yet.");
  show({ identity: identity.name, "principal id": identity.principalId, "used by": identity.usedBy.join(", ") });

  heading("1. No role assignment: refused, with the reason");
  say("No token is issued for a service on which the identity has no role.");
  say("The orders program runs as ServiceAccount shop/orders and asks through the unmodified DefaultAzureCredential.");
  const refused = await runOrders(orders, inventory);
  assert.equal(refused.code, 1);
  show({ orders: sentenceIn(refused.output, /Managed identity \S+ has no role on \S+inventory: [^.]*\./) });

  heading("2. Team inventory applies a RoleAssignment: the door opens");
  say("The orders program keeps asking while the RoleAssignment is applied; it is not restarted.");
  const waiting = startOrders(orders, inventory, "--until-allowed");
  await waiting.until(0, (line) => line);
  const appliedAt = performance.now();
  await apply("role-assignment.yaml");
  const claims = callerIn((await resultOf(waiting)).output);
  const grantMilliseconds = Math.round(performance.now() - appliedAt);
  assert.equal(claims.sub, identity.principalId);
  assert.deepEqual(claims.roles, ["stock-reader"]);
  show({ "from the assignment to the 200": `${grantMilliseconds} ms`, orders: "200, with a token that says:" });
  show(claims);

  heading("3. A second program shares the identity");
  say("ServiceAccount shop/checkout is a subject of it too: authorised once, used by both. The principal (sub) is");
  say("the same; the token still says which pod asked.");
  const checkout = callerIn((await runOrders(await lanyard.endpoint("shop/checkout"), inventory)).output);
  assert.equal(checkout.sub, identity.principalId);
  assert.notDeepEqual(checkout["kubernetes.io"], claims["kubernetes.io"]);
  show({ checkout: "200", sub: checkout.sub, "kubernetes.io": checkout["kubernetes.io"] });

  heading("4. A workload with an identity of its own");
  say('A Deployment annotated lanyard.dev/system-assigned: "true" gets one, and takes it along when it goes.');
  await apply("reports.yaml");
  const own = await lanyard.identityThat("appeared");
  const reportsPod = await lanyard.endpoint("shop/Deployment/reports");
  const reports = callerIn((await runOrders(reportsPod, inventory)).output);
  assert.equal(reports.sub, own.principalId);
  assert.notEqual(reports.sub, identity.principalId);
  show({ "Deployment applied": `identity ${own.name} appeared`, reports: "200", sub: reports.sub });
  await remove("reports.yaml");
  const gone = await lanyard.identityThat("deleted");
  assert.equal(gone.principalId, own.principalId);
  const late = await runOrders(reportsPod, inventory);
  const notThere = sentenceIn(late.output, /Pod \S+ does not exist any more[^.]*\./);
  show({ "Deployment deleted": `identity ${gone.name} is gone`, reports: notThere });

  heading("5. The RoleAssignment is deleted: refused again");
  say("The orders program keeps asking, with a token that is good for an hour. The inventory asks the issuer whether");
  say("that token still counts (introspection), so it does not have to wait for the hour to end.");
  const running = startOrders(orders, inventory, "--until-refused");
  callerIn(await running.until(0, (line) => line));
  const removedAt = performance.now();
  await remove("role-assignment.yaml");
  const last = await resultOf(running);
  const revocationMilliseconds = Math.round(performance.now() - removedAt);
  show({
    orders: sentenceIn(last.output, /401 .*revoked.*/),
    "from the deletion to the refusal": `${revocationMilliseconds} ms`,
  });
}

/** The claims that the inventory saw; anything but a 200 ends the demo with what was said instead. */
function callerIn(output: string): Readonly<Record<string, unknown>> {
  const body = /^200 (.*)$/m.exec(output)?.[1];
  assert.ok(body !== undefined, `expected a 200, got: ${output}`);
  return (JSON.parse(body) as { readonly caller: Readonly<Record<string, unknown>> }).caller;
}

/** What the SDK passed on of the reason; its own troubleshooting advice is left out. */
function sentenceIn(output: string, expected: RegExp): string {
  const [sentence] = expected.exec(output) ?? [];
  assert.ok(sentence !== undefined, `expected ${expected}, got: ${output}`);
  return sentence;
}
