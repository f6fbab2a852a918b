import { describe, expect, test } from "vitest";
import { defaultIssuerSettings } from "../../../issuer/settings.ts";
import { roleAssignments } from "../../../kube/kinds.ts";
import { jsonBody } from "../../support/json-body.ts";
import { type Shop, shop, VAULT_SCOPE } from "../../support/shop.ts";

async function ask(it: Shop, path: string, asked: object) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${it.subjectToken}` };
  const reply = await it.post(path, JSON.stringify(asked), headers);
  return { status: reply.status, headers: reply.headers, body: await jsonBody(reply) };
}

const evaluation = (it: Shop, changes: object = {}) => ({
  subject: { type: "managed_identity", id: it.identity.metadata.uid },
  action: { name: "secrets/read" },
  resource: { type: "resource", id: VAULT_SCOPE },
  ...changes,
});

describe("conditions that cost much", () => {
  const zones = ["Europe/Berlin", "Asia/Tokyo", "America/Lima", "Africa/Cairo", "Asia/Kolkata", "Europe/Oslo"];
  const costly = (at: number): string => zones.map((zone) => `time.getHours("${zone}") == ${100 + at}`).join(" || ");

  async function hostile(decisionsPerPod: { readonly perSecond: number; readonly burst: number }) {
    const it = await shop({ rateLimits: { ...defaultIssuerSettings.rateLimits, decisionsPerPod } });
    await it.world.delete(roleAssignments, "payments/orders-reads");
    const assignment = { to: "shop/orders", role: "secrets-reader", resource: "payments-vault" };
    for (let at = 0; at < 20; at++) {
      await it.world.assignment(`payments/costly-${at}`, { ...assignment, condition: costly(at) });
    }
    return it;
  }

  test("are charged to the pod: its next decisions wait for them", async () => {
    const it = await hostile({ perSecond: 1, burst: 40 });
    const pod = { namespace: "shop", name: "orders-1" };
    const first = await ask(it, "/access/v1/evaluation", evaluation(it, { context: { pod } }));
    expect(first.body).toMatchObject({ decision: false });
    expect((await ask(it, "/access/v1/evaluation", evaluation(it))).status).toBe(429);
  });

  test("end a batch once the pod owes more than a burst", async () => {
    const it = await hostile({ perSecond: 1, burst: 120 });
    const evaluations = Array.from({ length: 100 }, () => evaluation(it));
    const { status, headers, body } = await ask(it, "/access/v1/evaluations", { evaluations });
    expect([status, body.error_code]).toEqual([429, "RateLimited"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
