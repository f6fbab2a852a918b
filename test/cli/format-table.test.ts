import { describe, expect, test } from "vitest";
import { fitTable, formatFields, formatTable } from "../../cli/format-table.ts";

describe("a table", () => {
  test("has columns as wide as their widest cell, and no space at the end of a line", () => {
    expect(
      formatTable(
        ["A", "LONG HEADING"],
        [
          ["a long cell", "b"],
          ["c", ""],
        ],
      ),
    ).toBe("A             LONG HEADING\na long cell   b\nc");
  });

  test("has one line a row, and says nothing to the terminal that somebody wrote into an object", () => {
    expect(formatTable(["A"], [["one\ntwo\u001b[31mred\u202e"]])).toBe("A\none two [31mred");
  });
});

test("fields stand below each other", () => {
  expect(
    formatFields([
      ["Name", "a"],
      ["Longer", "b\nc"],
    ]),
  ).toBe("Name     a\nLonger   b c");
});

describe("a table for a terminal", () => {
  const headings = ["NAME", "ROLE"];
  const rows = [
    ["orders", "reader"],
    ["billing", "owner"],
  ];

  test("is a table where there is room", () => expect(fitTable(headings, rows, 16)).toBe(formatTable(headings, rows)));
  test("is a block a row where there is not", () => {
    expect(fitTable(headings, rows, 15)).toBe("NAME   orders\nROLE   reader\n\nNAME   billing\nROLE   owner");
  });
});
