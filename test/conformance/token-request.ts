/** What the test and the client programs say to each other: one of these a line of JSON. */
export interface TokenRequest {
  readonly client: SdkClient;
  readonly selector: Selector;
  /** The audience, as an application writes it: without `/.default`. */
  readonly resource: string;
  /** Ask with the credential object of the earlier request that gave the same name; without it, with a new one. */
  readonly reuse?: string;
}

/** Names of the SDK clients, the same in every language; not every language has each. */
export type SdkClient = "azure-identity" | "azure-identity-async" | "default-azure-credential" | "msal";

/** How the program names the identity to the SDK. */
export type Selector =
  | { readonly by: "none" }
  | { readonly by: "clientId" | "objectId" | "resourceId" | "miResId"; readonly value: string };

export type Outcome = Granted | Failed;

export interface Granted {
  readonly token: string;
  /** Seconds since the epoch, as the SDK tells the application. */
  readonly expiresOn: number;
}

export interface Failed {
  readonly error: { readonly name: string; readonly message: string };
}

/** The token that an SDK gave; throws with the SDK's own words when it gave none. */
export function granted(outcome: Outcome): Granted {
  if ("error" in outcome) throw new Error(`${outcome.error.name}: ${outcome.error.message}`);
  return outcome;
}
