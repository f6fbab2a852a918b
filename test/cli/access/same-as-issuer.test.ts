import fc from "fast-check";
import { expect, test } from "vitest";
import { checkAccess } from "../../../cli/access/check.ts";
import { managedIdentities, pods, serviceAccounts } from "../../../kube/kinds.ts";
import { type IssuerWorld, issuerWorld } from "../../support/issuer-world.ts";
import { jsonBody } from "../../support/json-body.ts";
import { testSession } from "../cluster/test-session.ts";
import { actions, arbitraryWorld, build, podNames, targets } from "./random-world.ts";

/** One starts an issuer with its server, and is asked 50 questions. */
const WORLDS = 25;
const QUESTIONS = 50;

interface Question {
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  readonly pod?: string;
}

const arbitraryQuestion = (principals: readonly string[]) =>
  fc.record(
    {
      as: fc.constantFrom(...principals),
      action: fc.constantFrom(...actions),
      resource: fc.constantFrom(...targets),
      pod: fc.constantFrom(...podNames),
    },
    { requiredKeys: ["as", "action", "resource"] },
  );

async function issuerSays(it: IssuerWorld, questions: readonly Question[]): Promise<boolean[]> {
  const pod = await it.world.api.get(pods, { namespace: "shop", name: "a-1" });
  const account = await it.world.api.get(serviceAccounts, { namespace: "shop", name: "a" });
  const evaluations = questions.map(({ as, action, resource, pod }) => {
    const [namespace, name] = (pod ?? "").split("/");
    return {
      subject: { type: "managed_identity", id: as },
      action: { name: action },
      resource: { type: "resource", id: resource },
      ...(pod === undefined ? {} : { context: { pod: { namespace, name } } }),
    };
  });
  const reply = await it.post("/access/v1/evaluations", JSON.stringify({ evaluations }), {
    "content-type": "application/json",
    authorization: `Bearer ${await it.tokens.mintPodToken(pod, account)}`,
  });
  const { evaluations: decided } = await jsonBody(reply);
  return decided.map(({ decision }: { readonly decision: boolean }) => decision);
}

test("access check says of random worlds what the issuer's decision endpoint says", { timeout: 120_000 }, async () => {
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryWorld, fc.infiniteStream(fc.nat()), async (random, choices) => {
      const it = await issuerWorld({ decisionNamespaces: ["shop"] }, (world) => build(world, random));
      const principals = (await it.world.api.list(managedIdentities)).items.map(({ metadata }) => metadata.uid);
      const seed = choices.next().value ?? 0;
      const questions: Question[] = fc.sample(arbitraryQuestion(principals), { numRuns: QUESTIONS, seed });
      const session = testSession(it.world);
      const checks = await Promise.all(questions.map((question) => checkAccess(question, session)));
      const says = checks.map(({ outcome }) => outcome.kind === "allowed");
      allowed += says.filter(Boolean).length;
      expect(says).toEqual(await issuerSays(it, questions));
    }),
    { numRuns: WORLDS },
  );
  // Were every answer a no, their agreement would say nothing.
  expect(allowed).toBeGreaterThan(0);
});
