import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotationWarnings } from "../../identity/annotation-warnings.ts";
import { readDialects, readGate, readIdentity, readList, readPort } from "../../identity/pod-annotations.ts";
import { property } from "../support/property.ts";

describe("an annotation of a pod", () => {
  test.each([
    ["4280", 4280],
    ["1024", 1024],
    ["65535", 65_535],
    ["1023", undefined],
    ["65536", undefined],
    ["4280.0", undefined],
    ["0x1000", undefined],
    ["", undefined],
  ])("port %j is %j", (value, port) => expect(readPort(value)).toBe(port));

  test.each([
    ["false", { kind: "none" }],
    ["true", { kind: "identity" }],
    [
      "https://a.svc, https://b.svc,,https://a.svc",
      { kind: "audiences", audiences: ["https://a.svc", "https://b.svc"] },
    ],
    ["", undefined],
    [" , ", undefined],
    ["two words", undefined],
    ["False", undefined],
    ["flase", undefined],
    ["TRUE,", undefined],
    ["ture", undefined],
    ["vault", { kind: "audiences", audiences: ["vault"] }],
    ["a:true", { kind: "audiences", audiences: ["a:true"] }],
    ["true.svc", { kind: "audiences", audiences: ["true.svc"] }],
    ["trust,vault", { kind: "audiences", audiences: ["trust", "vault"] }],
    ["a".repeat(513), undefined],
  ])("gate %j is %j", (value, gate) => expect(readGate(value)).toEqual(gate));

  test.each([
    ["orders", { namespace: "shop", name: "orders" }],
    ["platform/orders", { namespace: "platform", name: "orders" }],
    ["/orders", undefined],
    ["platform/", undefined],
    ["a/b/c", undefined],
    ["Orders", undefined],
    ["", undefined],
  ])("identity %j of a pod in shop is %j", (value, key) => expect(readIdentity(value, "shop")).toEqual(key));

  test.each([
    ["azure", ["azure"]],
    ["azure,azure", ["azure"]],
    ["azure,aws", undefined],
    ["", undefined],
  ])("dialects %j are %j", (value, names) => expect(readDialects(value)).toEqual(names));

  property("that is a list has no part that is empty or twice there", [fc.string()], (value) => {
    const parts = readList(value);
    expect(parts).toEqual([...new Set(parts)].filter((part) => part.trim() !== ""));
  });
});

describe("what is odd about annotations", () => {
  test.each([
    { key: "example.com/gate", value: "?", says: undefined },
    { key: "lanyard.dev/skip-containers", value: "whatever", says: undefined },
    { key: "lanyard.dev/gate", value: "false", says: undefined },
    { key: "lanyard.dev/gate", value: "False", says: /so it has no effect\. Did you mean "false"\?$/ },
    { key: "lanyard.dev/gate", value: "ture", says: /so it has no effect\. Did you mean "true"\?$/ },
    { key: "lanyard.dev/gates", value: "false", says: /^unknown annotation.* Did you mean "lanyard\.dev\/gate"\?$/ },
    {
      key: "lanyard.dev/imds-redirect",
      value: "yes",
      says: 'expected "true" or "false", got "yes", so it has no effect',
    },
    { key: "lanyard.dev/port", value: "http", says: /^expected a port from 1024 to 65535, got "http"/ },
    { key: "lanyard.dev/sidecar-mode", value: "nativ", says: /Did you mean "native"\?$/ },
    { key: "lanyard.dev/dialects", value: "azur", says: /Did you mean "azure"\?$/ },
    {
      key: "lanyard.dev/identity",
      value: "a/b/c",
      says: 'expected NAME or NAMESPACE/NAME, got "a/b/c", so the pod waits until it is corrected',
    },
    { key: "lanyard.dev/identity", value: "", says: /got "", so the pod waits until it is corrected$/ },
  ])("$key: $value", ({ key, value, says }) => {
    const expected = says === undefined ? [] : [{ key, message: expect.stringMatching(says) }];
    expect(annotationWarnings({ [key]: value })).toEqual(expected);
  });

  property("is told of any text without a throw, and shortly", [fc.string(), fc.string()], (name, value) => {
    for (const { message } of annotationWarnings({ [`lanyard.dev/${name}`]: value, "lanyard.dev/gate": value })) {
      expect(message.length).toBeLessThan(400);
    }
  });
});
