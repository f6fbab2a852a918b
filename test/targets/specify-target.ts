import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ForgeryName, forge, forgeries, type Genuine, withRoles } from "./forgeries.ts";
import { Plane, type RunningPlane, tokenOf } from "./plane.ts";
import type { RunningTarget, Target } from "./target.ts";

const forgeryNames = Object.keys(forgeries).filter((name): name is ForgeryName => name in forgeries);
/** Longer than the 5 s that a verifier may wait before it reads the keys again. */
const KEYS_READ_AGAIN_MILLISECONDS = 20_000;

export interface World {
  readonly plane: Plane;
  readonly target: RunningTarget;
  /** The token that shop/orders got from its endpoint. */
  readonly genuine: Genuine;
}

/** What every target must do. The tests of a file run in order: first the issuer is away, then it is there. */
export function specifyTarget(target: Target): () => World {
  let plane: Plane;
  let running: RunningTarget;
  let genuine: Genuine;

  beforeAll(async () => {
    plane = await Plane.create(target.folder);
    const prepared = await plane.start();
    const token = await tokenOf(prepared, "shop/orders", target.audience);
    genuine = { token, keys: plane.keys, now: decodeJwt(token).iat ?? 0 };
    running = await target.start({ issuer: plane.issuer, ordersToken: token, issuerGoes: prepared.child.stop });
  });

  afterAll(async () => {
    await running?.stop();
    await plane?.remove();
  });

  test("runs while the issuer is away, and lets nobody in whom it cannot verify", async () => {
    expect(await running.present(genuine.token)).not.toBe("allowed");
    expect(running.isRunning()).toBe(true);
  });

  describe("called by an unmodified client, under lanyard dev", () => {
    test("lets in an identity with the role", async () => {
      const { code, output } = await plane.runAs("shop/orders", running.client(target.audience));
      expect(output).toMatch(target.allowedSays);
      expect(code).toBe(0);
    });

    test("refuses an identity that has a token, but not the role", async () => {
      const { code, output } = await plane.runAs("shop/reports", running.client(target.audience));
      expect(output).toMatch(target.forbiddenSays);
      expect(code).toBe(1);
    });

    test("never sees an identity without any role: it gets no token", async () => {
      const { code, output } = await plane.runAs("shop/visitor", running.client(target.audience));
      expect(output).toMatch(/has no role on .* create a RoleAssignment/);
      expect(code).toBe(1);
    });
  });
  specifyVerification(target, () => ({ plane, target: running, genuine }));
  return () => ({ plane, target: running, genuine });
}

function specifyVerification(target: Target, world: () => World): void {
  describe("shown tokens, with the issuer there", () => {
    let issuer: RunningPlane;

    beforeAll(async () => {
      issuer = await world().plane.start();
    });

    afterAll(() => issuer?.child.stop());

    test("allows the genuine one", async () => {
      const { target: running, genuine } = world();
      expect(await running.present(genuine.token)).toBe("allowed");
    });

    test.each(forgeryNames.filter((name) => !target.blindTo.includes(name)))("refuses one that %s", async (name) => {
      const { target: running, genuine } = world();
      expect(await running.present(await forge(name, genuine))).toBe("refused");
    });

    test.each(target.blindTo)("is known not to look whether one %s: its page says so", async (name) => {
      const { target: running, genuine } = world();
      expect(await running.present(await forge(name, genuine))).toBe("allowed");
    });

    test.each([[[]], [["another-role"]], [["Owner"]]])("does not let in who has the roles %j", async (roles) => {
      const { target: running, genuine } = world();
      expect(await running.present(await withRoles(roles, genuine))).toBe(target.withoutRole);
    });

    test("allows the genuine one still", async () => {
      const { target: running, genuine } = world();
      expect(await running.present(genuine.token)).toBe("allowed");
    });

    test("takes tokens of new keys when the issuer's are replaced, and none of the old any more", async () => {
      const { plane, target: running, genuine } = world();
      await issuer.child.stop();
      await plane.replaceKeys();
      issuer = await plane.start();
      const renewed = await tokenOf(issuer, "shop/orders", target.audience);
      await expect
        .poll(() => running.present(renewed), { timeout: KEYS_READ_AGAIN_MILLISECONDS, interval: 250 })
        .toBe("allowed");
      expect(await running.present(genuine.token)).toBe("refused");
    });
  });
}
