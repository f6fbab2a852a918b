import type { Operation, Page } from "./operation.ts";
import { pageOf } from "./page.ts";
import { parseQuery, type Query } from "./query.ts";
import { VaultError, vaultErrors } from "./vault-error.ts";

/** A request line: the path as it was sent, with nothing decoded, and what follows the question mark. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

type Parsed = Operation | VaultError;

/** What a request wants. Nothing of a path is decoded or normalised: the names of secrets need neither. */
export function parseOperation({ method, path, query }: RequestLine): Parsed {
  const route = routeOf(path);
  if (route === undefined) return vaultErrors.RouteNotFound();
  const make = Object.hasOwn(route.methods, method) ? route.methods[method] : undefined;
  if (make === undefined) return vaultErrors.MethodNotAllowed(Object.keys(route.methods).join(", "));
  const parsed = parseQuery(query);
  return parsed instanceof VaultError ? parsed : make(parsed);
}

interface Route {
  readonly methods: Readonly<Record<string, (query: Query) => Parsed>>;
}

function routeOf(path: string): Route | undefined {
  const [root, collection, ...rest] = path.split("/");
  if (root !== "") return undefined;
  if (collection === "secrets") return secretsRoute(rest);
  return collection === "deletedsecrets" ? deletedSecretsRoute(rest) : undefined;
}

/** Some clients end the path of the newest version with a slash: the version in it is empty. */
function secretsRoute([secret = "", version, ...rest]: readonly string[]): Route | undefined {
  if (rest.length > 0) return undefined;
  if (secret === "") return version === undefined ? { methods: { GET: listed("GetSecrets") } } : undefined;
  if (version === "versions") {
    return { methods: { GET: (query) => paged(query, (page) => named({ name: "GetSecretVersions", secret, page })) } };
  }
  const ofVersion = {
    GET: () => named(versioned("GetSecret", secret, version)),
    PATCH: () => named(versioned("UpdateSecret", secret, version)),
  };
  if (version !== undefined && version !== "") return { methods: ofVersion };
  return {
    methods: {
      ...ofVersion,
      PUT: () => named({ name: "SetSecret", secret }),
      DELETE: () => named({ name: "DeleteSecret", secret }),
    },
  };
}

function deletedSecretsRoute([secret = "", verb, ...rest]: readonly string[]): Route | undefined {
  if (rest.length > 0) return undefined;
  if (secret === "") return verb === undefined ? { methods: { GET: listed("GetDeletedSecrets") } } : undefined;
  if (verb === "recover") return { methods: { POST: () => named({ name: "RecoverDeletedSecret", secret }) } };
  if (verb !== undefined && verb !== "") return undefined;
  return {
    methods: {
      GET: () => named({ name: "GetDeletedSecret", secret }),
      DELETE: () => named({ name: "PurgeDeletedSecret", secret }),
    },
  };
}

function listed(name: "GetSecrets" | "GetDeletedSecrets"): (query: Query) => Parsed {
  return (query) => paged(query, (page) => ({ name, page }));
}

function paged(query: Query, make: (page: Page) => Parsed): Parsed {
  const page = pageOf(query);
  return page instanceof VaultError ? page : make(page);
}

function versioned(
  name: "GetSecret" | "UpdateSecret",
  secret: string,
  version: string | undefined,
): Extract<Operation, { readonly version: unknown }> {
  return { name, secret, version: version === "" ? undefined : version?.toLowerCase() };
}

/** Key Vault's names, but for a hyphen at either end: a name is part of a scope, and a scope of Kubernetes' own names. */
const NAME = /^[0-9A-Za-z](?:[0-9A-Za-z-]{0,125}[0-9A-Za-z])?$/;
const VERSION = /^[0-9a-f]{32}$/;

function named(operation: Extract<Operation, { readonly secret: string }>): Parsed {
  if (!NAME.test(operation.secret)) {
    return vaultErrors.BadParameter(
      "The name of a secret is 1 to 127 letters, digits and hyphens, with no hyphen at either end: correct the path.",
    );
  }
  if ("version" in operation && operation.version !== undefined && !VERSION.test(operation.version)) {
    return vaultErrors.BadParameter("A version is 32 hexadecimal digits: correct the path.");
  }
  return operation;
}
