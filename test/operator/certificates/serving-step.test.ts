import { expect, test } from "vitest";
import { type Serving, servingStep } from "../../../operator/certificates/serving-step.ts";

const dnsNames = ["issuer.system.svc", "issuer"];
const good: Serving = {
  ...{ cert: "certificate", key: "key", notBefore: 0, notAfter: 30 },
  ...{ dnsNames, isSignedByCurrent: true, ca: "bundle" },
};

const decide = (serving: Serving | undefined, now = 10, otherNames: "keep" | "reissue" = "reissue") =>
  servingStep({ serving, dnsNames, otherNames, trustBundle: "bundle", now });

test("a good one is left alone for two thirds of its life", () => {
  expect(decide(good, 19)).toEqual({ kind: "wait", until: 20 });
});

test.each<{ when: string; serving: Serving | undefined; now?: number }>([
  { when: "there is none", serving: undefined },
  { when: "two thirds of its life are over", serving: good, now: 20 },
  { when: "another authority signs", serving: { ...good, isSignedByCurrent: false } },
  { when: "a name is missing", serving: { ...good, dnsNames: ["issuer"] } },
  { when: "a name is another", serving: { ...good, dnsNames: ["issuer.system.svc", "webhook"] } },
  { when: "a name is too many", serving: { ...good, dnsNames: [...dnsNames, "example.org"] } },
])("one is issued when $when", ({ serving, now }) => {
  expect(decide(serving, now).kind).toBe("issue");
});

test("one that is for other names too stays until it is due, where that is wished", () => {
  expect(decide({ ...good, dnsNames: [...dnsNames, "example.org"] }, 10, "keep").kind).toBe("wait");
  expect(decide({ ...good, dnsNames: ["issuer", "example.org"] }, 10, "keep").kind).toBe("issue");
});

test("the order of the names says nothing", () => {
  expect(decide({ ...good, dnsNames: dnsNames.toReversed() }).kind).toBe("wait");
});

test("another trust bundle is stored beside the same certificate", () => {
  const other = { ...good, ca: "an old bundle" };
  expect(decide(other)).toEqual({ kind: "store", serving: other });
});
