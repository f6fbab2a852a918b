import { createServer } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { startIssuer } from "../../issuer/issuer.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { generateSigningKeys } from "../../issuer/signing-keys.ts";
import type { KubeApi } from "../../kube/api.ts";
import { settle } from "../support/fake-clock.ts";
import { textLog } from "../support/issuer-world.ts";
import { jsonBody } from "../support/json-body.ts";
import { tokenExchangeForm } from "../support/shop.ts";
import { World } from "../support/world.ts";

/** An issuer whose API server answers no list until it is let go. */
async function starting() {
  const world = await World.create();
  const { promise: letGo, resolve: go } = Promise.withResolvers<void>();
  const list: KubeApi["list"] = async (kind, options) => {
    await letGo;
    return world.api.list(kind, options);
  };
  const issuer = startIssuer({
    api: Object.create(world.api, { list: { value: list } }),
    clock: world.clock,
    log: textLog([]),
    audit: () => {},
    url: "https://issuer.example",
    clusterTokens: { issuer: "https://cluster.example", keys: async () => ({ keys: [] }) },
    signingKeys: await generateSigningKeys(),
    settings: defaultIssuerSettings,
  });
  const serve = async (listener: typeof issuer.listener): Promise<string> => {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  };
  onTestFinished(async () => {
    go();
    await issuer.stop();
  });
  return { issuer, go, url: await serve(issuer.listener), operations: await serve(issuer.operationsListener) };
}

describe("before the cluster has been read", () => {
  test("a token request is told to come back, and nobody is refused for good", async () => {
    const { url } = await starting();
    const reply = await fetch(`${url}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams(tokenExchangeForm("x")),
    });
    expect(reply.status).toBe(503);
    expect(reply.headers.get("retry-after")).toBe("1");
    expect(await jsonBody(reply)).toMatchObject({ error: "temporarily_unavailable", error_code: "NotReady" });
  });

  test("the process lives, and is ready once everything was read", async () => {
    const { operations, issuer, go } = await starting();
    expect((await fetch(`${operations}/livez`)).status).toBe(200);
    expect((await fetch(`${operations}/readyz`)).status).toBe(503);
    go();
    await issuer.synced;
    await settle();
    expect((await fetch(`${operations}/readyz`)).status).toBe(200);
  });

  test("the operations port serves no token", async () => {
    const { operations } = await starting();
    const reply = await fetch(`${operations}/oauth2/token`, { method: "POST", body: "" });
    expect(reply.status).toBe(404);
  });
});
