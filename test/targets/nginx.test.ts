import { describe, expect, test } from "vitest";
import { missingPackages } from "./installation.ts";
import { type RunningNginx, startNginx } from "./nginx.ts";
import { specifyTarget } from "./specify-target.ts";

describe.skipIf(missingPackages().includes("nginx"))("nginx in front of an application that cannot verify", () => {
  let proxy: RunningNginx;

  const world = specifyTarget({
    folder: "nginx",
    audience: "https://ledger.ledger.svc",
    allowedSays: /^200 .*"caller":"\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403 /m,
    withoutRole: "forbidden",
    blindTo: [],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      proxy = await startNginx(issuer);
      return proxy;
    },
  });

  describe("what the application sees", () => {
    test("is the identity that the proxy verified, whatever the caller sends, and no token", async () => {
      const body = await bodyFor({ "X-Identity": "/namespaces/shop/managedIdentities/admin", X_Identity: "admin" });
      expect(body).toMatchObject({ caller: "/namespaces/shop/managedIdentities/orders" });
      expect(body.sees).not.toContain("x_identity");
      expect(body.sees).not.toContain("authorization");
    });

    test("is nothing of a request for the place where nginx asks the verifier", async () => {
      expect((await fetch(`${proxy.url}verify`, { headers: authorization() })).status).toBe(404);
    });

    test("is nothing while the verifier is away", async () => {
      await proxy.stopVerifier();
      expect((await fetch(proxy.url, { headers: authorization() })).status).toBe(503);
    });
  });

  const authorization = (): { readonly authorization: string } => ({
    authorization: `Bearer ${world().genuine.token}`,
  });

  async function bodyFor(headers: Readonly<Record<string, string>>): Promise<{ caller: string; sees: string[] }> {
    const response = await fetch(proxy.url, { headers: { ...headers, ...authorization() } });
    return JSON.parse(await response.text());
  }
});
