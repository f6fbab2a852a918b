import { describe, expect, test } from "vitest";
import { BodyBudget } from "../../http/body-budget.ts";

function bodies(budget: BodyBudget, ...addresses: string[]) {
  const gaveWay: number[] = [];
  const shares = addresses.map((address, at) => budget.open(address, () => gaveWay.push(at)));
  return { shares, gaveWay };
}

describe("a budget of 100 bytes", () => {
  test("takes bodies until it is full, and again when one is released", () => {
    const budget = new BodyBudget(100);
    const { shares } = bodies(budget, "a", "b");
    expect(shares[0]?.charge(100)).toBe(true);
    shares[0]?.complete();
    expect(shares[1]?.charge(1)).toBe(false);
    shares[0]?.release();
    const later = budget.open("b", () => {});
    expect(later.charge(100)).toBe(true);
    expect(budget.heldBytes).toBe(100);
  });

  test("makes the oldest unfinished body of the address that holds most give way", () => {
    const { shares, gaveWay } = bodies(new BodyBudget(100), "small", "large", "large", "new");
    for (const [at, bytes] of [20, 40, 40].entries()) expect(shares[at]?.charge(bytes)).toBe(true);
    expect(shares[3]?.charge(20)).toBe(true);
    expect(gaveWay).toEqual([1]);
  });

  test("refuses the body that would need more than all others hold", () => {
    const { shares, gaveWay } = bodies(new BodyBudget(100), "small", "large");
    expect(shares[0]?.charge(10)).toBe(true);
    expect(shares[1]?.charge(95)).toBe(false);
    expect(gaveWay).toEqual([]);
  });

  test("takes nothing from a body that is whole and waits for its reply", () => {
    const { shares, gaveWay } = bodies(new BodyBudget(100), "a", "b");
    shares[0]?.charge(90);
    shares[0]?.complete();
    expect(shares[1]?.charge(20)).toBe(false);
    expect(gaveWay).toEqual([]);
  });

  test("counts a release once, and charges nothing for a body that gave way", () => {
    const budget = new BodyBudget(100);
    const { shares } = bodies(budget, "a");
    shares[0]?.charge(60);
    shares[0]?.release();
    shares[0]?.release();
    expect(shares[0]?.charge(10)).toBe(false);
    expect(budget.heldBytes).toBe(0);
  });
});
