import type { LanguageName } from "./languages.ts";
import type { SdkClient, Selector } from "./token-request.ts";

/** One client of one SDK, and how it differs from the others. */
export interface ClientUnderTest {
  readonly language: LanguageName;
  readonly client: SdkClient;
  readonly title: string;
  /** What an application catches (MSAL for Python: the error that it is returned) when the endpoint refuses with 400. */
  readonly refusedAs: string;
  /** Ways to name an identity that the SDK has no parameter for, with what it has instead. */
  readonly lacks?: Partial<Record<Selector["by"], string>>;
}

export const sdkClients: readonly ClientUnderTest[] = [
  {
    language: "javascript",
    client: "azure-identity",
    title: "JavaScript ManagedIdentityCredential",
    refusedAs: "CredentialUnavailableError",
  },
  {
    language: "javascript",
    client: "default-azure-credential",
    title: "JavaScript DefaultAzureCredential",
    refusedAs: "AggregateAuthenticationError",
    lacks: { objectId: "takes managedIdentityClientId or managedIdentityResourceId" },
  },
  {
    language: "javascript",
    client: "msal",
    title: "JavaScript MSAL ManagedIdentityApplication",
    refusedAs: "ServerError",
  },
  {
    language: "python",
    client: "azure-identity",
    title: "Python ManagedIdentityCredential",
    refusedAs: "CredentialUnavailableError",
  },
  {
    language: "python",
    client: "azure-identity-async",
    title: "Python ManagedIdentityCredential (async)",
    refusedAs: "ClientAuthenticationError",
  },
  {
    language: "python",
    client: "default-azure-credential",
    title: "Python DefaultAzureCredential",
    refusedAs: "ClientAuthenticationError",
    lacks: {
      objectId: "takes managed_identity_client_id only",
      resourceId: "takes managed_identity_client_id only",
    },
  },
  {
    language: "python",
    client: "msal",
    title: "Python MSAL ManagedIdentityClient",
    refusedAs: "invalid_scope",
  },
  {
    language: "go",
    client: "azure-identity",
    title: "Go ManagedIdentityCredential",
    refusedAs: "*azidentity.AuthenticationFailedError",
  },
  {
    language: "go",
    client: "default-azure-credential",
    title: "Go DefaultAzureCredential",
    refusedAs: "*azidentity.AuthenticationFailedError",
    lacks: { objectId: "reads AZURE_CLIENT_ID only", resourceId: "reads AZURE_CLIENT_ID only" },
  },
  {
    language: "go",
    client: "msal",
    title: "Go MSAL managedidentity",
    refusedAs: "errors.CallErr",
  },
  {
    language: "java",
    client: "azure-identity",
    title: "Java ManagedIdentityCredential",
    refusedAs: "ClientAuthenticationException",
  },
  {
    language: "java",
    client: "default-azure-credential",
    title: "Java DefaultAzureCredential",
    refusedAs: "ClientAuthenticationException",
    lacks: { objectId: "takes managedIdentityClientId or managedIdentityResourceId" },
  },
  {
    language: "java",
    client: "msal",
    title: "Java MSAL ManagedIdentityApplication",
    refusedAs: "MsalServiceException",
  },
];
