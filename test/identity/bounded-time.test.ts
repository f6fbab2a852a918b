import { threadCpuUsage } from "node:process";
import { describe, expect, test } from "vitest";
import { isAction, isActionPattern } from "../../identity/action.ts";
import { canonicalAudience } from "../../identity/audience.ts";
import { customResources } from "../../identity/custom-resources.ts";
import { isDnsLabel, isDnsSubdomain } from "../../identity/dns-name.ts";
import { parseDurationSeconds } from "../../identity/duration.ts";
import { isKnown } from "../../identity/known-revocations.ts";
import { nearestName } from "../../identity/nearest-name.ts";
import { parseScope } from "../../identity/scope.ts";
import { readSecretFiles } from "../../identity/secret-files.ts";
import { isSubresource } from "../../identity/subresource.ts";
import { revocation } from "../support/revocation.ts";

const length = 200_000;

/** Texts on which a regular expression that backtracks would take minutes: nearly right, and wrong at the end. */
const nearlyRight = ["a", "a.", "a-", "a/", "/", "-", "1", "1h", "*/", "9", "/namespaces/a", "🪪"].map(
  (unit) => `${unit.repeat(length / unit.length)}!`,
);

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  isAction,
  isActionPattern,
  isDnsLabel,
  isDnsSubdomain,
  isKnown: (text) => isKnown(revocation(), text),
  isSubresource,
  parseDurationSeconds,
  parseScope,
  canonicalAudience,
  readSecretFiles: (text) => readSecretFiles(text, "shop"),
  nearestName: (text) => nearestName(text, ["subjects", "/".repeat(500)]),
};

/** Milliseconds: far above what a linear parser takes here, far below what a quadratic one would. */
const patience = 2000;

/** Of this thread alone, so that it makes no difference what else the machine does. */
function millisecondsFor(run: () => unknown): number {
  const before = threadCpuUsage();
  run();
  const { user, system } = threadCpuUsage(before);
  return (user + system) / 1000;
}

describe("a long text is read in time that grows as it does", () => {
  test.each(Object.entries(parsers))("%s", (_name, parse) => {
    expect(millisecondsFor(() => nearlyRight.forEach((text) => void parse(text)))).toBeLessThan(patience);
  });

  test.each([...customResources])("every pattern in the schema of $kind", ({ spec }) => {
    const everywhere = (text: string): object => ({
      subjects: [{ serviceAccount: text, namespace: text }],
      token: { lifetime: text, claims: { [text]: text } },
      actions: [text],
      notActions: [text],
      kubernetesRole: text,
      managedIdentity: text,
      pod: { name: text, uid: text },
      tokenId: text,
      vault: { softDeleteRetention: text },
      principal: { managedIdentity: text, workload: { kind: text, name: text }, namespace: text },
      roleDefinition: text,
      resource: text,
      subresource: text,
      scope: text,
      notBefore: text,
      expiresAt: text,
      condition: text,
      audiences: [text],
      maxTokenLifetime: text,
    });
    expect(millisecondsFor(() => nearlyRight.forEach((text) => void spec.safeParse(everywhere(text))))).toBeLessThan(
      patience,
    );
  });
});
