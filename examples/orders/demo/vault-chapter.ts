/** The chapter of the vault: a password that stands in no file, and a right to it that comes and goes. */
import assert from "node:assert/strict";
import type { Lanyard } from "./lanyard.ts";
import { heading, say, show } from "./narrate.ts";
import { programs, start } from "./processes.ts";

interface Files {
  readonly apply: (name: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
}

export async function tellOfVault(lanyard: Lanyard, { apply, remove }: Files): Promise<void> {
  heading("6. The database password: in a vault, and nowhere else");
  say("A database takes no tokens, so its one password is kept where tokens are taken: in a vault of team payments,");
  say("with the API of Azure Key Vault. Both programs use the unmodified SDK, and neither has a credential.");
  await apply("vault.yaml");
  const vault = await lanyard.vault("payments/payments-vault");
  const rotation = start(programs.rotatePassword, [], { ...(await lanyard.endpoint("payments/rotation")), ...vault });
  const application = start(programs.readPassword, ["--watch"], {
    ...(await lanyard.endpoint("shop/orders")),
    ...vault,
  });
  assert.equal(await rotation.end, 0);
  show({ "team payments": rotation.lines.join(), vault: vault.VAULT_URL });
  const refused = await application.until(0, sentence(/has no role on \S+payments-vault/));
  show({ "orders, without a role": refused });

  await apply("password-role-assignment.yaml");
  show({
    "orders, with secrets-reader on that one secret": await application.until(0, sentence(/read: 24 characters/)),
  });

  say(
    "The RoleAssignment is deleted. The token is still good for an hour, and the vault asks the issuer all the same.",
  );
  const removedAt = performance.now();
  await remove("password-role-assignment.yaml");
  const revoked = await application.until(application.lines.length, sentence(/access token is no longer valid[^.]*\./));
  show({ orders: revoked, "from the deletion to the refusal": `${Math.round(performance.now() - removedAt)} ms` });
}

/** The part of a line that says what is to be shown. */
function sentence(expected: RegExp): (line: string) => string | undefined {
  return (line) => expected.exec(line)?.[0];
}
