import { expect, test } from "vitest";
import { inheritedEnvironment } from "../../../cli/dev/inherited-environment.ts";

test("a program inherits the shell's variables, but no credential that a pod would not have", () => {
  const shell = { PATH: "/bin", AZURE_CLIENT_SECRET: "s", IDENTITY_ENDPOINT: "http://elsewhere", EMPTY: "" };
  expect(inheritedEnvironment(shell)).toEqual({
    environment: { PATH: "/bin", EMPTY: "" },
    withheld: ["AZURE_CLIENT_SECRET", "IDENTITY_ENDPOINT"],
  });
});

test("a variable that is not set is not made", () => {
  expect(inheritedEnvironment({ HOME: undefined })).toEqual({ environment: {}, withheld: [] });
});
