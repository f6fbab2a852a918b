import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { issuerLimits } from "../../issuer/limits.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { keptLimits } from "../../kube/kept.ts";

const page = await readFile(new URL("../../docs/reference/limits.md", import.meta.url), "utf8");
const [, issuerSection = ""] = page.split(/^## Issuer$/m);
const [section = ""] = issuerSection.split(/^## /m);

test.each(Object.entries(defaultIssuerSettings.rateLimits))(
  "the default rate of %s is a limit that the page names",
  (name, rate) => {
    expect(issuerLimits).toHaveProperty(name, rate);
    expect(section).toMatch(new RegExp(`^\\| \`${name}\` \\| per second [\\d,]+, burst [\\d,]+ \\| \\S`, "m"));
  },
);

test.each(Object.entries(keptLimits))(
  "what the cache keeps of an object (%s) is a limit that the page names",
  (name, most) => {
    const limit = `kept${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(issuerLimits).toHaveProperty(limit, most);
    expect(section).toContain(`| \`${limit}\` |`);
  },
);

test("the page names what the issuer holds in memory and takes in one request", () => {
  for (const limit of ["formParameters", "evaluationsPerBatch", "verifiedTokensInMemory", "statusListsInMemory"]) {
    expect(section).toContain(`| \`${limit}\` |`);
  }
});
