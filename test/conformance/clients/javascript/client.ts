/** Asks for tokens with the real JavaScript SDKs: one request a line of JSON in, one outcome a line of JSON out. */
import { createInterface } from "node:readline";
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";
import { ManagedIdentityApplication, type ManagedIdentityIdParams } from "@azure/msal-node";
import type { Outcome, Selector, TokenRequest } from "../../token-request.ts";

/** Whatever an SDK calls its credential, seen as the one thing that all of them do. */
type GetToken = (resource: string) => Promise<Outcome>;

class NotOffered extends Error {
  override readonly name = "NotOffered";
}

const clients: Readonly<Record<string, (selector: Selector) => GetToken>> = {
  "azure-identity": (selector) => fromCredential(managedIdentityCredential(selector)),
  "default-azure-credential": (selector) => fromCredential(defaultAzureCredential(selector)),
  msal: fromMsal,
};

function managedIdentityCredential(selector: Selector): ManagedIdentityCredential {
  switch (selector.by) {
    case "clientId":
      return new ManagedIdentityCredential({ clientId: selector.value });
    case "objectId":
      return new ManagedIdentityCredential({ objectId: selector.value });
    case "resourceId":
      return new ManagedIdentityCredential({ resourceId: selector.value });
    case "none":
      return new ManagedIdentityCredential();
    default:
      throw new NotOffered(`ManagedIdentityCredential by ${selector.by}`);
  }
}

function defaultAzureCredential(selector: Selector): DefaultAzureCredential {
  switch (selector.by) {
    case "clientId":
      return new DefaultAzureCredential({ managedIdentityClientId: selector.value });
    case "resourceId":
      return new DefaultAzureCredential({ managedIdentityResourceId: selector.value });
    case "none":
      return new DefaultAzureCredential();
    default:
      throw new NotOffered(`DefaultAzureCredential by ${selector.by}`);
  }
}

function fromCredential(credential: ManagedIdentityCredential | DefaultAzureCredential): GetToken {
  return async (resource) => {
    const { token, expiresOnTimestamp } = await credential.getToken(`${resource}/.default`);
    return { token, expiresOn: Math.floor(expiresOnTimestamp / 1000) };
  };
}

function fromMsal(selector: Selector): GetToken {
  const application = new ManagedIdentityApplication({ managedIdentityIdParams: msalIdentity(selector) });
  return async (resource) => {
    const { accessToken, expiresOn } = await application.acquireToken({ resource });
    return { token: accessToken, expiresOn: Math.floor((expiresOn?.getTime() ?? 0) / 1000) };
  };
}

function msalIdentity(selector: Selector): ManagedIdentityIdParams {
  switch (selector.by) {
    case "clientId":
      return { userAssignedClientId: selector.value };
    case "objectId":
      return { userAssignedObjectId: selector.value };
    case "resourceId":
      return { userAssignedResourceId: selector.value };
    case "none":
      return {};
    default:
      throw new NotOffered(`ManagedIdentityApplication by ${selector.by}`);
  }
}

/** The credential objects that later requests ask with again. */
const kept = new Map<string, GetToken>();

function clientFor(request: TokenRequest): GetToken {
  const found = kept.get(request.reuse ?? "");
  if (found !== undefined) return found;
  const create = clients[request.client];
  if (create === undefined) throw new NotOffered(`There is no ${request.client} for JavaScript`);
  const client = create(request.selector);
  if (request.reuse !== undefined) kept.set(request.reuse, client);
  return client;
}

async function answer(request: TokenRequest): Promise<Outcome> {
  try {
    return await clientFor(request)(request.resource);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: { name: error.name, message: error.message } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request: TokenRequest = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await answer(request))}\n`);
}
