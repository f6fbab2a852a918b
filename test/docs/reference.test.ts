import { expect, test } from "vitest";
import { limitsPage } from "../../charts/limits-page.ts";
import { createMetrics } from "../../cli/process/metrics.ts";
import { auditJsonSchema, auditReference } from "../../crds/audit-reference.ts";
import { apiReference } from "../../crds/reference.ts";
import { auditRecordSchema } from "../../identity/audit-records.ts";
import { annotations, environment, labels, resourceAnnotations } from "../../identity/names.ts";
import { parseSettings } from "../../sidecar/settings.ts";
import { parseWaitSettings } from "../../sidecar/wait-settings.ts";
import { codeBlocks, read, tableRows } from "./markdown.ts";

const firstCells = (page: string, heading: string): string[] => tableRows(page, heading).map(([cell = ""]) => cell);

test("api.md is what the schemas say now: else run npm run generate", () => {
  expect(read("docs/reference/api.md")).toBe(apiReference());
});

test("limits.md is what the limits of each process say now: else run npm run generate", () => {
  expect(read("docs/reference/limits.md")).toBe(limitsPage());
});

test("audit.md and audit.schema.json are what the schemas say now: else run npm run generate", () => {
  expect(read("docs/reference/audit.md")).toBe(auditReference());
  expect(read("docs/reference/audit.schema.json")).toBe(auditJsonSchema());
});

test("the sample of audit.md is a record", () => {
  const [{ text = "" } = {}] = codeBlocks("docs/reference/audit.md");
  expect(auditRecordSchema.parse(JSON.parse(text).audit)).toMatchObject({ event: "token" });
});

test("sidecar.md has every variable that the process reads, and no other", () => {
  const asked = new Set<string>();
  const environmentThatTells = new Proxy({}, { get: (_target, name) => void asked.add(String(name)) });
  parseSettings(environmentThatTells, ["plain"]);
  parseWaitSettings(environmentThatTells);
  expect(firstCells("docs/reference/sidecar.md", "Environment").sort()).toEqual([...asked].sort());
});

test("names.md has every annotation, and no other", () => {
  expect(firstCells("docs/reference/names.md", "Annotations").sort()).toEqual(
    [...Object.values(annotations), ...resourceAnnotations.map(({ key }) => key)].sort(),
  );
});

test.each([...Object.values(labels), ...Object.values(environment)])("names.md has %s", (name) => {
  expect(read("docs/reference/names.md")).toContain(`| \`${name}\` |`);
});

test("metrics.md has every metric of ours, and no other", async () => {
  const metrics = await createMetrics("issuer", "0.0.0").registry.getMetricsAsJSON();
  const ours = metrics.map(({ name }) => name).filter((name) => name.startsWith("lanyard_"));
  expect(firstCells("docs/reference/metrics.md", "Lanyard's own").sort()).toEqual(ours.sort());
});
