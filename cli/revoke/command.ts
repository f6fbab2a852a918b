import { Command, InvalidArgumentError, Option } from "commander";
import { type ConnectionOptions, type OutputOptions, withClusterOptions } from "../cluster/options.ts";
import { runOnCluster } from "../cluster/run-on-cluster.ts";
import { findIdentity } from "../identity/find-identity.ts";
import type { Invocation } from "../invocation.ts";
import { parseNamespacedName } from "../namespaced-name.ts";
import { parseSeconds } from "../parse-seconds.ts";
import { UsageError } from "../usage-error.ts";
import { type RevokeOptions, revoke } from "./revoke.ts";
import { type RevokePodOptions, revokePod } from "./revoke-pod.ts";
import { parseTokenReference, readTokenFile, type TokenReference } from "./token-reference.ts";

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
    .addOption(
      new Option("--uid <uid>", "only of the pod with this UID (default: of every pod of that name)").argParser(
        parseUid,
      ),
    )
    .option("--yes", "do not ask, also when there is no pod of that name now");
  return withOptions(command).action((text: string, options: Options & RevokePodOptions & { readonly uid?: string }) =>
    runOnCluster(options, invocation, async (session) => {
      const { namespace, name } = parseNamespacedName(text, session.namespace);
      return revokePod({ namespace, name, uid: options.uid }, options, session);
    }),
  );
}

function tokenCommand(invocation: Invocation): Command {
  const command = new Command("token")
    .description("one token, by its jti (with -n, the namespace of its identity) or as it was found")
    .argument(
      "[jti]",
      "the token's id, as in the audit log, or the whole token (others on the machine may see it here)",
    )
    .option("--token-file <file>", "a file that holds the token, or - for standard input");
  return withOptions(command).action((jti: string | undefined, options: Options & { readonly tokenFile?: string }) =>
    runOnCluster(
      options,
      invocation,
      async (session) => {
        const token = await tokenOf({ jti, file: options.tokenFile }, session.namespace);
        return revoke({ namespace: token.namespace, spec: { tokenId: token.jti } }, options, session);
      },
      () => checkTokenNamed({ jti, file: options.tokenFile }),
    ),
  );
}

interface NamedToken {
  readonly jti: string | undefined;
  readonly file: string | undefined;
}

/** A mistyped id needs no cluster to be noticed. */
function checkTokenNamed({ jti, file }: NamedToken): void {
  if ((jti === undefined) === (file === undefined)) throw new UsageError("name the token's id, or give --token-file.");
  if (jti !== undefined) parseTokenReference(jti, "default");
}

async function tokenOf({ jti = "", file }: NamedToken, namespace: string): Promise<TokenReference> {
  return parseTokenReference(file === undefined ? jti : await readTokenFile(file), namespace);
}

/** A UUID, or the hash of a static pod's manifest. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#uids */
const POD_UID = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32})$/;

function parseUid(text: string): string {
  const uid = text.toLowerCase();
  if (POD_UID.test(uid)) return uid;
  throw new InvalidArgumentError("Expected the UID of a pod, such as 6f0c2f0e-6d0c-4c55-9f63-0a8b6d9a2f11.");
}

function withOptions(command: Command): Command {
  const timeout = new Option("--timeout <duration>", "how long to wait for the operator to confirm it");
  return withClusterOptions(command).addOption(timeout.argParser(parseSeconds).default(30, "30s"));
}
