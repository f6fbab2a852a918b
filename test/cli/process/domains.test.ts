import { expect, test } from "vitest";
import { operatorCommand } from "../../../cli/process/operator-command.ts";
import { vaultCommand } from "../../../cli/process/vault-command.ts";

test.each([
  ["vault", vaultCommand, ["--vault-domain", "vault.svc"]],
  ["vault", vaultCommand, ["--vault-domain", ""]],
  ["vault", vaultCommand, ["--vault-domain", "k8s.example", "--cluster-domain", "a.k8s.example"]],
  ["operator", operatorCommand, ["--vault-domain", "cluster.local"]],
])(
  "lanyard %s does not start with a domain of vaults that could stand for a Service: %3$j",
  async (_, command, args) => {
    const complaints: string[] = [];
    const refusing = command("0.0.0").exitOverride();
    refusing.configureOutput({ writeErr: (text) => complaints.push(text) });
    await expect(refusing.parseAsync(args, { from: "user" })).rejects.toMatchObject({ exitCode: 1 });
    expect(complaints.join("")).toContain(`invalid --vault-domain "${args[1]}"`);
  },
);
