import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { startIssuer } from "../../issuer/issuer.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { generateSigningKeys } from "../../issuer/signing-keys.ts";
import type { KubeApi } from "../../kube/api.ts";
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
    clusterTokens: {
      keys: async () => ({ keys: [] }),
      current: async () => "https://cluster.example",
      review: async () => false,
    },
    signingKeys: await generateSigningKeys(),
    settings: defaultIssuerSettings,
  });
  const server = createServer(issuer.listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    go();
    await issuer.stop();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/oauth2/token`;
  const ask = () => fetch(url, { method: "POST", body: new URLSearchParams(tokenExchangeForm("x")) });
  return { issuer, go, ask };
}

test("before the cluster has been read a token request is told to come back, and nobody is refused for good", async () => {
  const { ask } = await starting();
  const reply = await ask();
  expect(reply.status).toBe(503);
  expect(reply.headers.get("retry-after")).toBe("1");
  expect(await jsonBody(reply)).toMatchObject({ error: "temporarily_unavailable", error_code: "NotReady" });
});

test("once everything was read it is decided", async () => {
  const { ask, issuer, go } = await starting();
  go();
  await issuer.synced;
  expect(await jsonBody(await ask())).toMatchObject({ error_code: "SubjectTokenInvalid" });
});
