import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import type { KubeApi } from "../../kube/api.ts";
import { webhookLimits } from "../../webhook/limits.ts";
import { settle } from "../support/fake-clock.ts";
import { jsonBody } from "../support/json-body.ts";
import { applyPatch } from "./apply-patch.ts";
import { plainPod, review } from "./reviews.ts";
import { webhookWorld } from "./webhook-world.ts";

function patched<T>(object: T, { response }: { response: { patch: string } }): T {
  return applyPatch(object, JSON.parse(Buffer.from(response.patch, "base64").toString()));
}

describe("the webhook over HTTP", () => {
  test("answers with a patch that puts the sidecar first, once it has read the cluster", async () => {
    const { webhook, world, post, observed } = await webhookWorld();
    await webhook.synced;
    expect(webhook.isReady()).toBe(true);
    const reply = await jsonBody(post("/inject", review({ object: plainPod })));
    expect(reply).toMatchObject({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid: "705ab4f5-6393-11e8-b7cc-42010a800002", allowed: true, patchType: "JSONPatch" },
    });
    const tenant = { name: "LANYARD_TENANT_ID", value: await world.tenantId() };
    expect(patched(plainPod, reply)).toMatchObject({
      metadata: { annotations: { "lanyard.dev/injected": "0.1.0" } },
      spec: {
        initContainers: [{ name: "lanyard", restartPolicy: "Always", env: expect.arrayContaining([tenant]) }],
        containers: [{ name: "web" }],
      },
    });
    expect(observed).toEqual([{ operation: "inject", outcome: "injected", seconds: 0 }]);
  });

  test("decides by what the cluster says now", async () => {
    const { webhook, world, post } = await webhookWorld();
    await webhook.synced;
    const object = {
      ...plainPod,
      metadata: { ...plainPod.metadata, annotations: { "lanyard.dev/identity": "orders" } },
    };
    const warnings = async (): Promise<unknown> =>
      (await jsonBody(post("/inject", review({ object })))).response.warnings;
    expect(await warnings()).toEqual([expect.stringMatching(/^IdentityNotFound: /)]);
    await world.identity("shop/orders", { subjects: [{ serviceAccount: "default" }] });
    await settle();
    expect(await warnings()).toBeUndefined();
  });

  test.each([
    { what: "another path", path: "/", httpStatus: 404 },
    { what: "a name of Object.prototype", path: "/constructor", httpStatus: 404 },
    { what: "another method", path: "/inject", method: "GET", httpStatus: 405 },
    { what: "a body that is no review", path: "/inject", method: "POST", body: "{}", httpStatus: 400 },
    { what: "no body", path: "/validate", method: "POST", httpStatus: 400 },
  ])("refuses $what, and says why", async ({ path, method = "POST", body, httpStatus }) => {
    const { url } = await webhookWorld();
    const reply = await fetch(url + path, { method, ...(body === undefined ? {} : { body }) });
    expect(reply.status).toBe(httpStatus);
    expect(await jsonBody(reply)).toEqual({
      ...{ apiVersion: "v1", kind: "Status", status: "Failure", code: httpStatus },
      message: expect.stringMatching(/\.$/),
    });
  });

  test("reads no more of a body than it takes", async () => {
    const { post, observed } = await webhookWorld();
    const reply = await post("/inject", " ".repeat(webhookLimits.podReviewBytes + 1));
    expect(reply.status).toBe(413);
    expect(observed).toMatchObject([{ outcome: "refused" }]);
  });

  test.each([1, 5, 12])("waits for a body only as long as the API server, which waits %d s", async (timeoutSeconds) => {
    const { url, world, observed } = await webhookWorld({ timeoutSeconds });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("POST /inject HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n");
    const reply = new Promise<string>((resolve) => socket.once("data", (data) => resolve(data.toString())));
    await expect.poll(() => world.clock.pending).toBeGreaterThan(0);
    await world.clock.advance(timeoutSeconds * 1000 - 1);
    expect(observed).toEqual([]);
    await world.clock.advance(1);
    expect(await reply).toMatch(/^HTTP\/1\.1 408 /);
    socket.destroy();
  });
});

describe("a webhook that has not read the cluster", () => {
  test.each([1, 5, 30])("lets a pod wait, and denies it before the %d s of the API server", async (timeoutSeconds) => {
    const lists = Promise.withResolvers<void>();
    const through = listingAfter(lists.promise);
    const { webhook, world, post } = await webhookWorld({ through, timeoutSeconds });
    const start = world.clock.now();
    let answered: unknown;
    void jsonBody(post("/inject", review({ object: plainPod }))).then((reply) => {
      answered = reply;
    });
    const timePasses = async (): Promise<unknown> => {
      if (answered === undefined) await world.clock.advance(100);
      return answered;
    };
    await expect.poll(timePasses, { interval: 20, timeout: 10_000 }).toMatchObject({
      response: { allowed: false, status: { code: 503, message: expect.stringMatching(/^WebhookNotReady: /) } },
    });
    const waited = world.clock.now() - start;
    expect(waited).toBeLessThan(timeoutSeconds * 1000);
    expect(waited).toBeGreaterThanOrEqual(timeoutSeconds * 800);
    expect(webhook.isReady()).toBe(false);
    lists.resolve();
  });

  test("injects a pod that waited, once it has", async () => {
    const lists = Promise.withResolvers<void>();
    const { post } = await webhookWorld({ through: listingAfter(lists.promise) });
    const reply = jsonBody(post("/inject", review({ object: plainPod })));
    await settle();
    lists.resolve();
    expect(await reply).toMatchObject({ response: { allowed: true, patchType: "JSONPatch" } });
  });
});

/** An API whose lists come only after a promise. */
function listingAfter(until: Promise<void>) {
  return (api: KubeApi): KubeApi => ({
    ...bound(api),
    list: (kind, options) => until.then(() => api.list(kind, options)),
  });
}

function bound(api: KubeApi): KubeApi {
  return {
    get: (kind, key) => api.get(kind, key),
    list: (kind, options) => api.list(kind, options),
    watch: (kind, options) => api.watch(kind, options),
    create: (kind, object) => api.create(kind, object),
    apply: (kind, object, options) => api.apply(kind, object, options),
    applyStatus: (kind, object, options) => api.applyStatus(kind, object, options),
    delete: (kind, key, options) => api.delete(kind, key, options),
  };
}
