import { expect, test } from "vitest";
import { admissionReasons } from "../../identity/admission-reasons.ts";
import { findings } from "../../identity/findings.ts";
import { type RefusalCode, refusals } from "../../identity/reasons.ts";
import { httpErrorOf } from "../../issuer/oauth-error.ts";
import { refusals as sidecarRefusals } from "../../sidecar/refusals.ts";
import { secretFileReasons } from "../../sidecar/secret-files/vault-reply.ts";
import { tableRows } from "./markdown.ts";

const page = "docs/reference/reasons.md";
const codesUnder = (heading: string): string[] => tableRows(page, heading).map(([code = ""]) => code);

test.each([
  { heading: "Refusals of the issuer", codes: Object.keys(refusals) },
  { heading: "Refusals of the token endpoint", codes: Object.keys(sidecarRefusals) },
  { heading: "Secret files", codes: Object.keys(secretFileReasons) },
  { heading: "Findings", codes: Object.keys(findings) },
  { heading: "Admission", codes: Object.keys(admissionReasons) },
])("$heading: each code has one row, and no row is for a code that is gone", ({ heading, codes }) => {
  expect(codesUnder(heading).sort()).toEqual([...codes].sort());
});

test("a refusal of the issuer has the status and the OAuth error that the page says", () => {
  const codes = Object.keys(refusals).filter((code): code is RefusalCode => code in refusals);
  const actual = codes.map((code) => [code, String(httpErrorOf(code).status), httpErrorOf(code).error]);
  const written = tableRows(page, "Refusals of the issuer").map((cells) => cells.slice(0, 3));
  expect(written.sort()).toEqual(actual.sort());
});

test("a refusal of the token endpoint has the status that the page says", () => {
  const { DuplicateParameter, InvalidRequest, RateLimited, ResourceMissing, SelectorsConflict, ...others } =
    sidecarRefusals;
  const made = [
    ...[DuplicateParameter("resource"), InvalidRequest("…"), RateLimited(1), ResourceMissing("resource")],
    ...[SelectorsConflict(["client_id", "object_id"]), ...Object.values(others).map((refusal) => refusal())],
  ];
  const written = tableRows(page, "Refusals of the token endpoint").map((cells) => cells.slice(0, 2));
  expect(written.sort()).toEqual(made.map(({ code, status }) => [code, String(status)]).sort());
});
