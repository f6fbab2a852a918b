/** What all processes and sidecars of the run have logged. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LOGS } from "../support/log-collector.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

/** Two parts of a JWT, whose header and payload both begin with `{"`: https://www.rfc-editor.org/rfc/rfc7519#section-3.1 */
const token = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/;

describeOnCluster("the logs of the whole run", () => {
  test.each(["_operator_", "_webhook_", "_issuer_", "_lanyard_"])(
    "there are some of each container %s",
    async (name) => {
      const files = (await readdir(LOGS)).filter((file) => file.includes(name));
      const logs = await Promise.all(files.map((file) => readFile(join(LOGS, file), "utf8")));
      expect(logs.filter((log) => log.includes("\n")).length).toBeGreaterThan(1);
    },
  );

  test("hold no token", async () => {
    const logs = await Promise.all((await readdir(LOGS)).map((file) => readFile(join(LOGS, file), "utf8")));
    expect(logs.flatMap((log) => log.split("\n").filter((line) => token.test(line)))).toEqual([]);
  });

  test("would be caught with one", () => {
    expect("subject_token=eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJl").toMatch(token);
  });
});
