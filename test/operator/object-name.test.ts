import { expect, test } from "vitest";
import { objectText, parseKeyText, parseObjectText } from "../../operator/object-name.ts";

test.each([
  [{ kind: "Deployment", namespace: "shop", name: "web" }, "Deployment shop/web"],
  [{ kind: "ClusterRoleAssignment", name: "everywhere" }, "ClusterRoleAssignment everywhere"],
])("an object's name is written and read again: %j", (name, text) => {
  expect(objectText(name)).toBe(text);
  expect(parseObjectText(text)).toEqual(name);
});

test.each([
  ["shop/web", { namespace: "shop", name: "web" }],
  ["reader", { name: "reader" }],
])("a key is read: %s", (text, key) => expect(parseKeyText(text)).toEqual(key));
