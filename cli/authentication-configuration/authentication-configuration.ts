import { API_GROUP, kubernetesApi } from "../../identity/names.ts";
import { certificatesIn } from "../../sidecar/certificates.ts";
import { UsageError } from "../usage-error.ts";

export const apiVersions = ["v1", "v1beta1"] as const;

export interface Trust {
  /** Of `apiserver.config.k8s.io`: v1 since Kubernetes 1.34, v1beta1 since 1.30. */
  readonly apiVersion: (typeof apiVersions)[number];
  readonly issuerUrl: string;
  /** Where the API server reads discovery, when that is not below the issuer's URL. */
  readonly discoveryUrl?: string | undefined;
  readonly audience: string;
  /** PEM. Without it the API server uses the authorities of its system. */
  readonly certificateAuthority?: string | undefined;
}

/**
 * What makes an API server take the tokens of an issuer, as the users that the operator's bindings name. The extra
 * facts are for its audit log. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#using-authentication-configuration
 */
export function authenticationConfiguration(trust: Trust): object {
  const { apiVersion, issuerUrl, discoveryUrl, audience, certificateAuthority } = trust;
  return {
    apiVersion: `apiserver.config.k8s.io/${apiVersion}`,
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: {
          url: httpsUrl(issuerUrl),
          ...(discoveryUrl === undefined ? {} : { discoveryURL: httpsUrl(discoveryUrl) }),
          audiences: [audience],
          ...(certificateAuthority === undefined ? {} : { certificateAuthority: certificates(certificateAuthority) }),
        },
        claimValidationRules: [
          { expression: 'claims.idtyp == "app"', message: "the token is not one of a managed identity" },
        ],
        claimMappings: {
          username: { claim: "sub", prefix: kubernetesApi.userPrefix },
          uid: { claim: "sub" },
          extra: [
            { key: `${API_GROUP}/resource-id`, valueExpression: "claims.xms_mirid" },
            { key: `${API_GROUP}/token-id`, valueExpression: "claims.jti" },
          ],
        },
      },
    ],
  };
}

/** The API server would not start with another; written as it is, because `iss` is compared letter by letter. */
function httpsUrl(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError(`"${text}" is no URL that an API server trusts: expected https://HOST, with no query.`);
  }
  return text;
}

/** The certificates alone: a file with keys beside them must not end up in a configuration. */
function certificates(pem: string): string {
  const found = certificatesIn(pem);
  if (found === undefined) throw new UsageError("the CA file holds no certificate: expected PEM, as in ca.crt");
  return found;
}
