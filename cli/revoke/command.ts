import { Command, Option } from "commander";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import { findIdentity } from "../identity/find-identity.ts";
import type { Invocation } from "../invocation.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { UsageError } from "../usage-error.ts";
import { type RevokeOptions, revoke } from "./revoke.ts";
import { revokePod } from "./revoke-pod.ts";
import { readTokenFile, referenceIn } from "./token-reference.ts";

type Options = ConnectionOptions & OutputOptions & RevokeOptions;

/** `lanyard revoke`: tokens that were issued until now are good no more. */
export function revokeCommand(invocation: Invocation): Command {
  return new Command("revoke")
    .description("take back tokens that were issued until now")
    .addCommand(identityCommand(invocation))
    .addCommand(podCommand(invocation))
    .addCommand(tokenCommand(invocation));
}

function identityCommand(invocation: Invocation): Command {
  const command = new Command("identity")
    .description("every token of a managed identity")
    .argument("<identity>", "NAMESPACE/NAME, an id, or NAMESPACE/KIND/NAME of a workload")
    .option("--disable", "and give it no new ones");
  return withOptions(command).action((text: string, options: Options) =>
    runOnCluster(options, invocation, async (session) => {
      const { namespace, name } = (await findIdentity(text, session)).metadata;
      return revoke({ namespace, spec: { managedIdentity: name } }, options, session);
    }),
  );
}

function podCommand(invocation: Invocation): Command {
  const command = new Command("pod")
    .description("every token that a pod was given")
    .argument("<pod>", "[NAMESPACE/]NAME")
    .option("--uid <uid>", "only of the pod with this UID (default: of every pod of that name)");
  return withOptions(command).action((text: string, options: Options & { readonly uid?: string }) =>
    runOnCluster(options, invocation, async (session) => {
      const { namespace, name } = parseNamespacedName(text, session.namespace);
      return revokePod({ namespace, name, uid: options.uid }, options, session);
    }),
  );
}

function tokenCommand(invocation: Invocation): Command {
  const command = new Command("token")
    .description("one token, by its jti (with -n, the namespace of its identity) or as it was found")
    .argument("[jti]", "the token's id, as in the audit log")
    .option("--token-file <file>", "a file that holds the token, or - for standard input");
  return withOptions(command).action((jti: string | undefined, options: Options & { readonly tokenFile?: string }) =>
    runOnCluster(
      options,
      invocation,
      async (session) => {
        const token = await tokenOf(jti, options.tokenFile, session.namespace);
        return revoke({ namespace: token.namespace, spec: { tokenId: token.jti } }, options, session);
      },
      () => checkTokenNamed(jti, options.tokenFile),
    ),
  );
}

function checkTokenNamed(jti: string | undefined, file: string | undefined): void {
  if ((jti === undefined) === (file === undefined)) throw new UsageError("name the token's id, or give --token-file.");
}

async function tokenOf(jti: string | undefined, file: string | undefined, namespace: string) {
  return file === undefined ? { jti: jti ?? "", namespace } : referenceIn(await readTokenFile(file));
}

function withOptions(command: Command): Command {
  const timeout = new Option("--timeout <duration>", "how long to wait for the operator to confirm it");
  return withClusterOptions(command).addOption(timeout.argParser(parseSeconds).default(30, "30s"));
}
