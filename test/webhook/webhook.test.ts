import { describe, expect, test } from "vitest";
import { jsonBody } from "../support/json-body.ts";
import { applyPatch } from "./apply-patch.ts";
import { plainPod, review } from "./reviews.ts";
import { webhookWorld } from "./webhook-world.ts";

function patched<T>(object: T, { response }: { response: { patch: string } }): T {
  return applyPatch(object, JSON.parse(Buffer.from(response.patch, "base64").toString()));
}

describe("the webhook over HTTP", () => {
  test("answers with a patch that puts the sidecar first, once it has read the cluster", async () => {
    const { webhook, post, observed } = await webhookWorld();
    await webhook.synced;
    expect(webhook.isReady()).toBe(true);
    const reply = await jsonBody(post("/inject", review({ object: plainPod })));
    expect(reply).toMatchObject({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "705ab4f5-6393-11e8-b7cc-42010a800002", allowed: true, patchType: "JSONPatch" },
    });
    expect(patched(plainPod, reply)).toMatchObject({
      metadata: { annotations: { "lanyard.dev/injected": "0.1.0" } },
      spec: { initContainers: [{ name: "lanyard", restartPolicy: "Always" }], containers: [{ name: "web" }] },
    });
    expect(observed).toMatchObject([{ operation: "inject", outcome: "injected" }]);
  });
});
