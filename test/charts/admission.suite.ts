import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { codeBlocks } from "../docs/markdown.ts";
import { only, render } from "./chart.ts";

/** What the webhook's own page asks of the API server's configuration. */
function asked(): unknown[] {
  const [block] = codeBlocks("docs/reference/webhook.md").filter(({ info }) => info === "yaml");
  const text = block?.text.replaceAll("$(NAMESPACE)", "lanyard-system") ?? "";
  return parseAllDocuments(text).map((document) => document.toJS());
}

const kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

test("the API server is told of the webhook what its page says", async () => {
  const objects = await render();
  const told = kinds.map((kind) => {
    const { apiVersion, metadata, webhooks } = only(objects, kind, "lanyard-webhook");
    return { apiVersion, kind, metadata: { name: metadata.name }, webhooks };
  });
  expect(told).toEqual(asked());
});

test("in another namespace, that one is left out, and is where the webhook is called", async () => {
  const text = JSON.stringify(
    only(await render({ namespace: "platform" }), "MutatingWebhookConfiguration", "lanyard-webhook"),
  );
  expect(text).not.toContain("lanyard-system");
  expect(text).toContain('"values":["kube-system","kube-node-lease","platform"]');
  expect(text).toContain('"service":{"name":"lanyard-webhook","namespace":"platform"');
});

test.each(kinds)("the %s has no CA in it: whoever makes the certificates fills it in", async (kind) => {
  const values = { certificates: { certManager: { enabled: true } } };
  const own = only(await render(), kind, "lanyard-webhook");
  const byCertManager = only(await render({ values }), kind, "lanyard-webhook");
  expect(JSON.stringify([own, byCertManager])).not.toContain("caBundle");
  expect(own.metadata.annotations).toEqual({});
  expect(byCertManager.metadata.annotations).toEqual({
    "cert-manager.io/inject-ca-from": "lanyard-system/lanyard-webhook-serving",
  });
});
