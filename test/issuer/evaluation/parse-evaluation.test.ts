import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Refused } from "../../../issuer/endpoint.ts";
import { parseEvaluation, parseEvaluations } from "../../../issuer/evaluation/parse-evaluation.ts";
import { property } from "../../support/property.ts";

const request = (body: string) => ({ request: { body } });
const subject = { type: "managed_identity", id: "orders" };
const action = { name: "secrets/read" };
const resource = { type: "resource", id: "/namespaces/shop" };

describe("parseEvaluations", () => {
  test("what an evaluation leaves out, it has from the top", () => {
    const other = { type: "resource", id: "/namespaces/payments" };
    const body = JSON.stringify({ subject, action, resource, evaluations: [{}, { resource: other }] });
    expect(parseEvaluations(request(body))).toMatchObject({
      batch: "execute_all",
      evaluations: [
        { subject, action, resource },
        { subject, action, resource: other },
      ],
    });
  });

  test("a refusal says which member is wrong", () => {
    const body = JSON.stringify({ subject, action, evaluations: [{ resource }, {}] });
    const parsed = parseEvaluations(request(body));
    expect(parsed instanceof Refused && parsed.refusal.sentence).toBe("Member evaluations.1.resource: is required.");
  });
});

const member = fc.oneof(fc.constantFrom(subject, action, resource), fc.jsonValue());
const shaped = fc.record(
  {
    subject: member,
    action: member,
    resource: member,
    evaluations: fc.array(fc.record({ subject: member, resource: member }, { requiredKeys: [] }), { maxLength: 3 }),
    options: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.string({ unit: "binary" }),
  shaped.map((value) => JSON.stringify(value)),
  fc.json(),
);

for (const [name, parse] of Object.entries({ parseEvaluation, parseEvaluations })) {
  property(`${name}: no body makes it throw, and what it takes is complete`, [body], (text) => {
    const parsed = parse(request(text));
    return parsed instanceof Refused || parsed.evaluations.every((asked) => asked.subject.type === "managed_identity");
  });
}
