import { describe, expect, test } from "vitest";
import type { KeyPair } from "../../../kube/key-pair.ts";
import type { Authorities } from "../../../operator/certificates/authorities.ts";
import { authorityStep } from "../../../operator/certificates/authority-step.ts";

const lifetimes = { serving: 30, announcement: 1 };

/** Times are small numbers here: the decision knows no unit. */
const pair = (name: string, notBefore: number, notAfter: number): KeyPair => ({
  ...{ cert: `certificate ${name}`, key: `key ${name}`, notBefore, notAfter },
});
const first = pair("first", 0, 300);
const second = pair("second", 200, 500);

const decide = (authorities: Authorities | undefined, now: number, announcedSince = now) =>
  authorityStep({ authorities, announcedSince, isConstrained: true, now }, lifetimes);

describe("one authority", () => {
  test("is made when there is none", () => {
    const step = decide(undefined, 5);
    expect(step.kind === "make" && step.with(first)).toEqual({ current: first });
  });

  test("is left alone for two thirds of its life", () => {
    expect(decide({ current: first }, 199)).toEqual({ kind: "wait", until: 200 });
  });

  test("then gets a successor, which does not sign yet", () => {
    const step = decide({ current: first }, 200);
    expect(step.kind === "make" && step.with(second)).toEqual({ current: first, next: second });
  });

  test("that may sign for other domains gets a successor before its time, and both are trusted", () => {
    const step = authorityStep(
      { authorities: { current: first }, announcedSince: 5, isConstrained: false, now: 5 },
      lifetimes,
    );
    expect(step.kind === "make" && step.with(second)).toEqual({ current: first, next: second });
  });

  test("that has ended is replaced at once, and nobody is told to trust it any more", () => {
    const step = decide({ current: first }, 300);
    expect(step.kind === "make" && step.with(second)).toEqual({ current: second });
  });
});

describe("the next authority", () => {
  const both = { current: first, next: second };

  test("waits until everybody could have read of it", () => {
    expect(decide(both, 200.5, 200)).toEqual({ kind: "wait", until: 201 });
  });

  test("then signs, and the key of the one before is forgotten", () => {
    expect(decide(both, 201, 200)).toMatchObject({
      kind: "store",
      authorities: { current: second, previous: { cert: first.cert, until: 231 } },
    });
  });

  test("waits no longer than the one before can sign", () => {
    expect(decide(both, 299.5, 299.5)).toEqual({ kind: "wait", until: 300 });
    expect(decide(both, 300, 300)).toMatchObject({ kind: "store", authorities: { current: second } });
  });
});

describe("the previous authority", () => {
  const previous = { cert: first.cert, until: 231 };

  test("is trusted while a certificate that it signed may be in use", () => {
    expect(decide({ current: second, previous }, 230)).toEqual({ kind: "wait", until: 231 });
  });

  test("and no longer", () => {
    expect(decide({ current: second, previous }, 231)).toMatchObject({ authorities: { current: second } });
  });

  test("is trusted no longer than its own certificate says", () => {
    const step = decide({ current: { ...first, notAfter: 210 }, next: second }, 201, 200);
    expect(step).toMatchObject({ authorities: { previous: { until: 210 } } });
  });
});
