import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isKnown, knownRevocations } from "../../../identity/known-revocations.ts";
import type { TokenRevocation } from "../../../identity/token-revocation.ts";
import { NamespaceTotals } from "../../../issuer/revocation/namespace-totals.ts";
import { tokenRevocations } from "../../../kube/kinds.ts";
import { Store } from "../../../kube/store.ts";
import { claimsOf } from "../../support/claims-of.ts";
import { jsonBody } from "../../support/json-body.ts";
import { property } from "../../support/property.ts";
import { revocation } from "../../support/revocation.ts";
import { type Shop, shop } from "../../support/shop.ts";
import { statusOf } from "./read-status.ts";

async function isActive(it: Shop, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${it.subjectToken}` };
  return (await jsonBody(it.post("/introspect", { token }, headers))).active;
}

/** Revocations of another identity, as a tenant may create them in its own namespace. */
async function flood(it: Shop, count: number, namespace = "shop"): Promise<void> {
  for (let at = 0; at < count; at++) {
    await it.world.revocation(`${namespace}/flood-${at}`, { managedIdentity: `nobody-${at}` });
  }
}

async function standing(it: Shop, token: string): Promise<[boolean, number]> {
  await it.world.clock.advance(500);
  return [await isActive(it, token), await statusOf(token)];
}

describe("a namespace with 2,000 TokenRevocations", () => {
  test("has every older token revoked, good new ones, and short claims", async () => {
    const it = await shop();
    const before = await it.accessToken();
    await flood(it, 1_000);
    expect(await standing(it, before)).toEqual([true, 0]);
    await it.world.revocation("shop/one-more", { managedIdentity: "nobody" });
    expect(await standing(it, before)).toEqual([false, 1]);
    const token = await it.accessToken();
    expect(await standing(it, token)).toEqual([true, 0]);
    expect(claimsOf(token).known_revocations).toMatch(/^\d+\.[\da-f]{12}$/);
  }, 30_000);

  test("still has single tokens revoked, with all others from before", async () => {
    const it = await shop();
    await flood(it, 2_000);
    const [one, other] = [await it.accessToken(), await it.accessToken()];
    await it.world.revocation("shop/leaked", { tokenId: claimsOf(one).jti });
    expect([await standing(it, one), await standing(it, other)]).toEqual([
      [false, 1],
      [false, 1],
    ]);
  }, 30_000);

  test("revokes nothing of another namespace", async () => {
    const it = await shop();
    const token = await it.accessToken();
    await flood(it, 1_001, "payments");
    expect(await standing(it, token)).toEqual([true, 0]);
  }, 30_000);

  test("keeps revoked what was, when revocations are deleted until they are told apart again", async () => {
    const it = await shop();
    await flood(it, 1_001);
    const token = await it.accessToken();
    await it.world.revocation("shop/leaked", { tokenId: claimsOf(token).jti });
    for (let at = 0; at < 100; at++) await it.world.delete(tokenRevocations, `shop/flood-${at}`);
    expect(await standing(it, token)).toEqual([false, 1]);
  }, 30_000);
});

describe("the one that stands for too many", () => {
  const at = (seconds: number): TokenRevocation => {
    const creationTimestamp = new Date((1_700_000_000 + seconds) * 1000).toISOString();
    const made = revocation(undefined, { creationTimestamp });
    return { ...made, metadata: { ...made.metadata, name: made.metadata.uid } };
  };
  const totalsOf = (...revocations: TokenRevocation[]) => {
    const store = new Store<TokenRevocation>();
    const totals = new NamespaceTotals(store);
    for (const each of revocations) store.upsert(each);
    return { store, asOne: () => totals.ofTooMany("shop", 0) };
  };

  test("is there beyond the limit and for its namespace alone", () => {
    const store = new Store<TokenRevocation>();
    const totals = new NamespaceTotals(store);
    for (const each of [at(0), at(1)]) store.upsert(each);
    expect(totals.ofTooMany("shop", 2)).toBeUndefined();
    expect(totals.ofTooMany("shop", 1)).toBeDefined();
    expect(totals.ofTooMany("payments", 0)).toBeUndefined();
  });

  test("is none of those that it stands for: a token that knew one need not have known the others", () => {
    const only = at(0);
    const one = totalsOf(only).asOne();
    expect(one && isKnown(one, knownRevocations([only]))).toBe(false);
  });

  test("stays the same when one is updated, or one of another day is deleted", () => {
    const [old, latest] = [at(-80_000), at(0)];
    const { store, asOne } = totalsOf(old, latest);
    const before = asOne();
    store.upsert({ ...latest, metadata: { ...latest.metadata, resourceVersion: "2" } });
    store.delete(old);
    expect(asOne()).toEqual(before);
  });

  /** Creates and deletes revocations, in the order of a history. */
  class History {
    readonly #store: ReturnType<typeof totalsOf>["store"];
    readonly #present: TokenRevocation[] = [];
    #latest = 0;

    constructor(store: ReturnType<typeof totalsOf>["store"]) {
      this.#store = store;
    }

    /** Time goes on, and clocks of API servers differ by less than a minute. */
    create(seconds: number): TokenRevocation {
      const second = this.#latest + seconds;
      this.#latest = Math.max(this.#latest, second);
      const made = at(second);
      this.#present.push(made);
      this.#store.upsert(made);
      return made;
    }

    delete(which: number): void {
      const [gone] = this.#present.splice(which % Math.max(1, this.#present.length), 1);
      if (gone !== undefined) this.#store.delete(gone);
    }

    /** Returns what was created. */
    take(all: readonly { readonly deletes: boolean; readonly which: number; readonly seconds: number }[]) {
      const created: TokenRevocation[] = [];
      for (const { deletes, which, seconds } of all) {
        if (deletes) this.delete(which);
        else created.push(this.create(seconds));
      }
      return created;
    }

    areThere(some: readonly TokenRevocation[]): boolean {
      return some.some((each) => this.#present.includes(each));
    }
  }

  const step = fc.record({ deletes: fc.boolean(), which: fc.nat(20), seconds: fc.integer({ min: -45, max: 45 }) });
  const steps = fc.array(step, { maxLength: 20 });
  property("no token is good that did not know of a revocation which is there", [steps, steps], (before, after) => {
    const { store, asOne } = totalsOf();
    const history = new History(store);
    history.take(before);
    const known = knownRevocations([asOne() ?? []].flat());
    const unknown = history.take(after);
    const one = asOne();
    if (one !== undefined && history.areThere(unknown)) expect(isKnown(one, known)).toBe(false);
  });
});
