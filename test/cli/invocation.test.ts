import { expect, test } from "vitest";
import { invokedName } from "../../cli/invocation.ts";
import { programNamed } from "../support/program.ts";

test.each([
  { file: "/usr/local/bin/kubectl-lanyard", name: "kubectl lanyard" },
  { file: "/usr/local/bin/lanyard", name: "lanyard" },
  { file: "/app/cli/main.ts", name: "lanyard" },
  { file: undefined, name: "lanyard" },
])("started as $file, it calls itself $name", ({ file, name }) => {
  const program = programNamed(invokedName(file));
  const [access] = program.commands.filter((command) => command.name() === "access");
  const [check] = access?.commands ?? [];
  expect(program.helpInformation()).toContain(`Usage: ${name} `);
  expect(check?.helpInformation()).toContain(`Usage: ${name} access check `);
});

test.each([
  [["access", "chek"], "unknown command 'chek'"],
  [["access", "check", "--as", "shop/orders"], "required option '--action <action>' not specified"],
  [["access", "who-can", "secrets/read"], "missing required argument 'resource'"],
  [["role-assignment", "create", "--wait=maybe", "--assignee", "a", "--role", "b"], "Expected true or false."],
  [["identity", "assign", "deployment/web", "--timeout", "long"], "Expected a duration such as 30s or 2m."],
  [["identity", "list", "-o", "xml"], "Allowed choices are table, json, yaml."],
])("%j is wrong use", async (args, message) => {
  const program = programNamed();
  await expect(program.parseAsync(["node", "lanyard", ...args])).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining(message),
  });
});
