/** `node test/cluster/down.ts`: stops the test cluster and removes all that it made, but for its logs. */
import { folders } from "./layout.ts";
import { startedComponents } from "./stop-component.ts";
import { tearDown } from "./tear-down.ts";

try {
  const names = startedComponents();
  await tearDown();
  process.stdout.write(
    names.length === 0 ? "No cluster was up.\n" : `The cluster is down. Its logs: ${folders.logs}\n`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
