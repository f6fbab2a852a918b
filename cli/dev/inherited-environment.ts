import type { Environment } from "../../webhook/environment.ts";

/**
 * Variables of a developer's shell that would lead an SDK to another credential than the one a pod has. A pod does not
 * inherit them, so neither does a program that runs as one; who wants one sets it in the command: `-- env NAME=VALUE …`.
 */
const credentialVariables = [
  ...["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"],
  ...["AZURE_FEDERATED_TOKEN_FILE", "AZURE_USERNAME", "AZURE_PASSWORD", "AZURE_AUTHORITY_HOST"],
  ...["AZURE_POD_IDENTITY_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS", "MSAL_MANAGED_IDENTITY_ENDPOINT"],
  ...["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT"],
  ...["MSI_ENDPOINT", "MSI_SECRET"],
];

export interface InheritedEnvironment {
  readonly environment: Record<string, string>;
  /** Names that were set and are not passed on. */
  readonly withheld: readonly string[];
}

/** What a program may inherit of the shell's environment. */
export function inheritedEnvironment(shell: Environment): InheritedEnvironment {
  const withheld = credentialVariables.filter((name) => shell[name] !== undefined);
  const entries = Object.entries(shell).flatMap(([name, value]) =>
    value === undefined || withheld.includes(name) ? [] : [[name, value] as const],
  );
  return { environment: Object.fromEntries(entries), withheld };
}
