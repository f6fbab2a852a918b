import { expect, test } from "vitest";
import { createProbeHandler } from "../../sidecar/probe-handler.ts";
import { notAskedYet } from "../../sidecar/waiting.ts";
import { imds } from "./endpoint.ts";

test.each([
  ["/livez", notAskedYet, 200],
  ["/livez", undefined, 200],
  ["/readyz", notAskedYet, 503],
  ["/readyz?verbose", undefined, 200],
  ["/", undefined, 404],
  [imds(), undefined, 404],
])("%s, waiting for %o → %i", async (url, waiting, status) => {
  const reply = createProbeHandler(() => waiting)(
    new Request(`http://127.0.0.1${url}`, { headers: { Metadata: "true" } }),
  );
  expect(reply.status).toBe(status);
  expect(await reply.json()).toHaveProperty("status");
});

test("/readyz tells other pods a code, and not which ServiceAccount may use which identity", async () => {
  const waiting = { code: "NoIdentity", sentence: "Add ServiceAccount shop/orders to spec.subjects." };
  const reply = createProbeHandler(() => waiting)(new Request("http://127.0.0.1/readyz"));
  expect(await reply.json()).toEqual({ status: "not ready", code: "NoIdentity" });
});
