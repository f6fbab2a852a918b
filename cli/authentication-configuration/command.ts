import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { stringify } from "yaml";
import { kubernetesApi } from "../../identity/names.ts";
import { UsageError } from "../usage-error.ts";
import { apiVersions, authenticationConfiguration, type Trust } from "./authentication-configuration.ts";

const WRONG_USE = 2;

interface Options {
  readonly issuerUrl: string;
  readonly caFile?: string;
  readonly discoveryUrl?: string;
  readonly audience: string;
  readonly apiVersion: Trust["apiVersion"];
}

/** `lanyard authentication-configuration`: the file that makes an API server trust the issuer. */
export function authenticationConfigurationCommand(finish: (code: number) => void): Command {
  return new Command("authentication-configuration")
    .description("print the AuthenticationConfiguration that makes a Kubernetes API server trust the issuer")
    .option("--issuer-url <url>", "the iss of the tokens", "https://lanyard-issuer.lanyard-system.svc")
    .option("--ca-file <file>", "PEM of the authorities of the issuer's certificate (default: those of the API server)")
    .option("--discovery-url <url>", "where discovery is read, if it is not below the issuer's URL")
    .option("--audience <audience>", "the audience of the tokens", kubernetesApi.audience)
    .addOption(
      new Option("--api-version <version>", "v1 from Kubernetes 1.34, v1beta1 from 1.30")
        .choices(apiVersions)
        .default("v1"),
    )
    .action(async (options: Options) => finish(await print(options)));
}

async function print({ caFile, ...trust }: Options): Promise<number> {
  try {
    const certificateAuthority = caFile === undefined ? undefined : await readAuthority(caFile);
    process.stdout.write(stringify(authenticationConfiguration({ ...trust, certificateAuthority })));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`lanyard: ${error.message}\n`);
    return WRONG_USE;
  }
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
