import { describe, expect, test } from "vitest";
import { compileCondition } from "../../identity/assignment-condition.ts";
import type { RequestFacts } from "../../identity/request-facts.ts";

const labels = { env: "prod", "app.kubernetes.io/name": "orders" };
const pod = { namespace: "shop", name: "orders-1", serviceAccount: "orders", labels };
/** A Monday, 10:00 in Berlin. */
const now = Date.parse("2026-03-02T09:00:00Z");
const facts: RequestFacts = { now, audience: "https://vault.payments.svc", pod };

function outcome(source: string, given: RequestFacts = facts): string {
  const compiled = compileCondition(source);
  return compiled.kind === "compiled" ? compiled.condition.evaluate(given).kind : problem(source);
}

function problem(source: string): string {
  const compiled = compileCondition(source);
  return compiled.kind === "problem" ? `${compiled.line}:${compiled.column}: ${compiled.message}` : "compiles";
}

function why(source: string, given: RequestFacts): string | undefined {
  const compiled = compileCondition(source);
  const result = compiled.kind === "compiled" ? compiled.condition.evaluate(given) : undefined;
  return result?.kind === "undecided" ? result.why : result?.kind;
}

describe("what a condition says of a request", () => {
  test.each([
    ['request.audience == "https://vault.payments.svc"', "met"],
    ['request.audience.endsWith(".payments.svc") && pod.namespace == "shop"', "met"],
    ['pod.name.startsWith("web-") || pod.serviceAccount == "orders"', "met"],
    ['pod.labels["env"] == "prod" && pod.labels.env != "test"', "met"],
    ['"app.kubernetes.io/name" in pod.labels', "met"],
    ['"team" in pod.labels', "notMet"],
    ['has(pod.labels.team) && pod.labels.team == "a"', "notMet"],
    ['pod.namespace in ["shop", "store"]', "met"],
    ['["web-", "orders-"].exists(prefix, pod.name.startsWith(prefix))', "met"],
    ['["o", "z"].all(part, pod.name.contains(part))', "notMet"],
    ["size(pod.name) > 4 ? true : false", "met"],
    ['time < timestamp("2026-04-01T00:00:00+02:00")', "met"],
    ['time - timestamp("2026-03-02T08:30:00Z") > duration("1h")', "notMet"],
    ["time.getHours() == 9 && time.getDayOfWeek() == 1", "met"],
    ['time.getHours("Europe/Berlin") == 10', "met"],
    ["true", "met"],
    ["1 + 1 == 3", "notMet"],
    ['// the night shift\npod.name == "orders-1"', "met"],
  ])("%s: %s", (source, expected) => expect(outcome(source)).toBe(expected));
});

describe("what is not known decides nothing", () => {
  test.each<[string, RequestFacts, string]>([
    ['pod.namespace == "shop"', { now }, "which pod asks is not known here"],
    ['!(pod.namespace == "shop")', { now }, "which pod asks is not known here"],
    ["!has(pod.labels.team)", { now }, "which pod asks is not known here"],
    ['!("team" in pod.labels)', { now }, "which pod asks is not known here"],
    ['request.audience != "https://vault.svc"', { now, pod }, "for which audience is not known here"],
    ['pod.labels.team != "a"', facts, "the pod lacks the label that it reads (no such key: team)"],
    ["1 / (size(pod.name) - 8) == 1", facts, "division by zero"],
    ['request.audience == "a"', { now, audience: "a".repeat(600) }, "the audience is too long to be compared"],
    ['pod.namespace == "shop" || request.audience == "a"', { now, audience: "a" }, "met"],
    ['pod.namespace == "shop" && request.audience == "a"', { now, audience: "b" }, "notMet"],
    ['pod.labels["constructor"] == "x" || pod.labels.__proto__ == "x"', facts, expect.stringContaining("no such key")],
    ['"toString" in pod.labels || has(pod.labels.valueOf)', facts, "notMet"],
  ])("%s", (source, given, expected) => expect(why(source, given)).toEqual(expected));
});

describe("what is wrong is told with its place when it is written", () => {
  test.each([
    ["", "1:1: unexpected token: the end"],
    ["pod.namespace ==", "1:17: unexpected token: the end"],
    ["pod.namespace = 'a'", expect.stringMatching(/^1:15: unexpected character/)],
    ['pod.namespace == "a', "1:18: unterminated string"],
    [
      "true &&\n\n  pod.nmae == 'a'",
      expect.stringMatching(/^3:3: "pod\.nmae" is not known here; what can be read: request\./),
    ],
    ['pod.labels["🪪é"] == pod.x', expect.stringMatching(/^1:21: "pod\.x" is not known/)],
    ["pod.namespace == 1", "1:1: no such overload: string == int"],
    ["pod.namespace && true", expect.stringMatching(/^1:1: logical operator requires bool/)],
    ["pod.name", "1:1: expected true or false to come out of it, not string"],
    ["request.action == 'a'", expect.stringMatching(/^1:1: "request\.action" is not known/)],
    ["subject == 'a'", expect.stringMatching(/^1:1: "subject" is not known/)],
    ["time == 'now'", expect.stringMatching(/^1:1: no such overload/)],
    ['time.getHours("Mars/Olympus") == 1', expect.stringMatching(/^1:15: expected a time zone/)],
    ["time.getHours(pod.name) == 1", expect.stringMatching(/^1:15: expected a time zone/)],
    ['timestamp("tomorrow") < time', expect.stringMatching(/^1:1: timestamp\(\) takes a time that is written out/)],
    ['timestamp("January 1, 2026 00:00:00") < time', expect.stringMatching(/^1:1: timestamp\(\) takes/)],
    ["timestamp(pod.name) < time", expect.stringMatching(/^1:1: timestamp\(\) takes/)],
  ])("%j", (source, expected) => expect(problem(source)).toEqual(expected));
});

describe("there is no way to anything but the facts", () => {
  test.each([
    ...["pod == pod", "request", "pod.labels == pod.labels", "size(pod.labels) > 0", "pod.labels.size() > 0"],
    ...["pod.constructor", "pod['constructor']", "pod.__proto__", "time.constructor", "time['getTime']", "__proto__"],
    ...["google.protobuf.Timestamp == type(time)", "cel", "string", "dyn(pod.name) == 1", "type(pod.name) == string"],
    ...["optional.of(1).hasValue()", "pod.?name.hasValue()", "{'a': 1}['a'] == 1", "b'a' == b'a'", "null == null"],
    ...["1u == 1u", "bytes('a') == bytes('a')", "string(1) == '1'", "int('1') == 1", "'1'.lowerAscii() == '1'"],
    ...["['a'].exists(pod, pod.name == 'a')", "['a'].exists(time, time == 'a')"],
  ])("%s", (source) => expect(problem(source)).toMatch(/^\d+:\d+: /));
});
