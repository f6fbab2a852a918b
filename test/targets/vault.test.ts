import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withClaims } from "./forgeries.ts";
import type { RunningPlane } from "./plane.ts";
import { specifyTarget } from "./specify-target.ts";
import { type RunningVault, startVault } from "./vault.ts";

describe("Vault, which keeps the password of a service that cannot verify tokens", () => {
  let vault: RunningVault;

  const world = specifyTarget({
    folder: "vault",
    audience: "https://vault.vault.svc",
    allowedSays: /^200 the orders of 1998$/m,
    forbiddenSays: /InvalidRequest: error validating token: invalid subject \(sub\) claim/,
    withoutRole: "refused",
    blindTo: ["is not an access token"],
    async start(surroundings) {
      vault = await startVault(surroundings);
      return vault;
    },
  });

  describe("with the issuer there", () => {
    let issuer: RunningPlane;

    beforeAll(async () => {
      issuer = await world().plane.start();
    });

    afterAll(() => issuer?.child.stop());

    test("refuses another principal, even one with the role", async () => {
      const another = await withClaims({ sub: crypto.randomUUID() }, world().genuine);
      expect(await vault.present(another)).toBe("refused");
      expect(await vault.present(world().genuine.token)).toBe("allowed");
    });

    test("opens that one password and nothing else", async () => {
      const session = (await vault.api.login(world().genuine.token)) ?? "";
      expect(await vault.api.read("secret/data/archive", session)).toBe(200);
      expect(await vault.api.read("secret/data/payroll", session)).toBe(403);
      expect(await vault.api.read("auth/jwt/role/archive-password", session)).toBe(403);
    });
  });
});
