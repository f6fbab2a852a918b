import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { targetOf } from "../../sidecar/target.ts";
import { property } from "../support/property.ts";

describe("targetOf", () => {
  test.each([
    ["http://127.0.0.1:80/token?audience=a", "/token", "audience=a"],
    ["http://127.0.0.1//metadata/x", "//metadata/x", ""],
    ["http://127.0.0.1", "/", ""],
    ["http://127.0.0.1?a=b", "/", "a=b"],
    ["http://h/token?audience=https://a/?b", "/token", "audience=https://a/?b"],
    ["http://h/token?a=b#c?d", "/token", "a=b"],
    ["/token?audience=https://a", "/token", "audience=https://a"],
    ["//metadata/x?y", "//metadata/x", "y"],
    ["*", "/", ""],
    ["", "/", ""],
  ])("%s", (url, path, query) => expect(targetOf(url)).toEqual({ path, query }));

  property(
    "takes any text, and the path never holds the query",
    [fc.string({ unit: "binary" })],
    (text) => !targetOf(text).path.includes("?"),
  );
});
