/** The real, unmodified SDKs of four languages against `lanyard dev`: each as each pod of `world/`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Case, cases } from "./cases.ts";
import { ClientProcesses } from "./client-processes.ts";
import { type PlaneProcess, startPlaneProcess } from "./plane-process.ts";
import { type ClientUnderTest, sdkClients } from "./sdk-clients.ts";
import { granted, type Outcome, type Selector } from "./token-request.ts";
import { verifyToken } from "./verify-token.ts";

const resource = "https://inventory.shop.svc";
const clients = new ClientProcesses();
let plane: PlaneProcess;

beforeAll(async () => {
  plane = await startPlaneProcess();
});

afterAll(async () => {
  await clients.close();
  await plane?.stop();
});

describe.each(sdkClients)("$title", (sdk) => {
  const lacks = (row: Case): string | undefined => sdk.lacks?.[row.asks.by];

  test.each(cases.filter((row) => lacks(row) === undefined))("$given", async (row) => {
    const outcome = await ask(sdk, row.as, selectorOf(row.asks));
    if ("granted" in row.then) await expectTokenOf(row.then.granted, outcome);
    else expectRefusal(sdk, outcome, row.then.refused);
  });

  test.each(cases.filter((row) => lacks(row) !== undefined))("cannot be asked: $given", async (row) => {
    expect(await ask(sdk, row.as, selectorOf(row.asks)), lacks(row)).toMatchObject({ error: { name: "NotOffered" } });
  });
});

describe("Python ManagedIdentityCredential, identity_config by the endpoint's own name of the resource id", () => {
  const asked: Case["asks"] = { by: "miResId", of: "shop/one" };

  test("sync: the SDK drops it without a word, and asks for the system-assigned identity", async () => {
    const outcome = await askPython("azure-identity", asked);
    await expectTokenOf("shop/Deployment/has-both", outcome);
  });

  test("async: the SDK sends it", async () => {
    const outcome = await askPython("azure-identity-async", asked);
    await expectTokenOf("shop/one", outcome);
  });

  function askPython(client: ClientUnderTest["client"], asks: Case["asks"]): Promise<Outcome> {
    return ask({ language: "python", client }, "shop/Deployment/has-both", selectorOf(asks));
  }
});

function ask(sdk: Pick<ClientUnderTest, "language" | "client">, as: Case["as"], selector: Selector): Promise<Outcome> {
  return clients.of(sdk.language, as, plane.environmentOf(as)).ask({ client: sdk.client, selector, resource });
}

function selectorOf(asks: Case["asks"]): Selector {
  if (asks.by === "none") return asks;
  const { clientId, principalId, resourceId } = plane.identity(asks.of);
  const value = { clientId, objectId: principalId, resourceId, miResId: resourceId }[asks.by];
  return { by: asks.by, value };
}

async function expectTokenOf(name: Parameters<PlaneProcess["identity"]>[0], outcome: Outcome): Promise<void> {
  const { token, expiresOn } = granted(outcome);
  const claims = await verifyToken(token, plane.issuer, resource);
  const { principalId, clientId, resourceId } = plane.identity(name);
  expect(claims).toMatchObject({
    sub: principalId,
    oid: principalId,
    azp: clientId,
    xms_mirid: resourceId,
    roles: ["reader"],
  });
  // MSAL for Python tells how many seconds are left, and rounds.
  expect(Math.abs(expiresOn - (claims.exp ?? 0))).toBeLessThanOrEqual(2);
}

/** Each SDK has its own error, and each passes on what the endpoint says that the developer should do. */
function expectRefusal({ refusedAs }: ClientUnderTest, outcome: Outcome, sentence: RegExp): void {
  expect(outcome).toEqual({ error: { name: refusedAs, message: expect.stringMatching(sentence) } });
}
