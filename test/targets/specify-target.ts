import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ended } from "./child.ts";
import { type ForgeryName, forge, forgeries, type Genuine, withClaims } from "./forgeries.ts";
import { type Caller, Plane, type RunningPlane, tokenOf } from "./plane.ts";
import type { RunningTarget, Target } from "./target.ts";

const forgeryNames = Object.keys(forgeries).filter((name): name is ForgeryName => name in forgeries);
/** Longer than the 5 s that a verifier may wait before it reads the keys again. */
const KEYS_READ_AGAIN_MILLISECONDS = 20_000;

export interface World {
  readonly plane: Plane;
  readonly target: RunningTarget;
  /** The token that shop/orders got last from its endpoint. */
  genuine: Genuine;
}

/** What every target must do. The tests of a file run in order: first the issuer is away, then it is there. */
export function specifyTarget(target: Target): () => World {
  let world: World;
  let plane: Plane | undefined;
  let preparing: RunningPlane | undefined;

  beforeAll(async () => {
    plane = await Plane.create(target.folder);
    preparing = await plane.start();
    const genuine = await genuineOf(plane, preparing, target);
    const { issuer } = plane;
    const surroundings = { issuer, ordersToken: genuine.token, issuerGoes: preparing.child.stop };
    world = { plane, genuine, target: await target.start(surroundings) };
  });

  // Also when the target could not be started.
  afterAll(async () => {
    await world?.target.stop();
    await preparing?.child.stop();
    await plane?.remove();
  });

  test("runs while the issuer is away, and lets nobody in whom it cannot verify", async () => {
    expect(await world.target.present(world.genuine.token)).not.toBe("allowed");
    expect(world.target.isRunning()).toBe(true);
  });

  describe("called by an unmodified client, under lanyard dev", () => {
    test("lets in an identity with the role", async () => {
      const { code, output } = await runClient("shop/orders");
      expect(output).toMatch(target.allowedSays);
      expect(code).toBe(0);
    });

    test("refuses an identity that has a token, but not the role", async () => {
      const { code, output } = await runClient("shop/reports");
      expect(output).toMatch(target.forbiddenSays);
      expect(code).toBe(1);
    });

    test("never sees an identity without any role: it gets no token", async () => {
      const { code, output } = await runClient("shop/visitor");
      expect(output).toMatch(/has no role on .* create a RoleAssignment/);
      expect(code).toBe(1);
    });
  });
  specifyVerification(target, () => world);
  return () => world;

  function runClient(caller: Caller): Promise<Ended> {
    return world.plane.runAs(caller, world.target.client(target.audience));
  }
}

async function genuineOf(plane: Plane, issuer: RunningPlane, { audience }: Target): Promise<Genuine> {
  const token = await tokenOf(issuer, "shop/orders", audience);
  return { token, keys: plane.keys, now: decodeJwt(token).iat ?? 0 };
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
      expect(await running.present(await withClaims({ roles }, genuine))).toBe(target.withoutRole);
    });

    test("allows the genuine one still", async () => {
      const { target: running, genuine } = world();
      expect(await running.present(genuine.token)).toBe("allowed");
    });

    test("takes tokens of new keys when the issuer's are replaced, and none of the old any more", async () => {
      const { plane, target: running, genuine: old } = world();
      await issuer.child.stop();
      await plane.replaceKeys();
      issuer = await plane.start();
      const renewed = await genuineOf(plane, issuer, target);
      await expect
        .poll(() => running.present(renewed.token), { timeout: KEYS_READ_AGAIN_MILLISECONDS, interval: 250 })
        .toBe("allowed");
      expect(await running.present(old.token)).toBe("refused");
      world().genuine = renewed;
    });
  });
}
