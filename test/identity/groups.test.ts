import { expect, test } from "vitest";
import { Groups } from "../../identity/groups.ts";

test("a group lasts as long as it has a value", () => {
  const groups = new Groups<number>();
  groups.put("a", "one", 1);
  groups.put("a", "two", 2);
  groups.delete("a", "one");
  groups.delete("b", "one");
  expect([...groups.of("a")]).toEqual([2]);
  groups.delete("a", "two");
  expect([...groups.of("a")]).toEqual([]);
  expect(groups.all.size).toBe(0);
});
