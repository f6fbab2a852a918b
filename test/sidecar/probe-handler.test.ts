import { expect, test } from "vitest";
import { createProbeHandler } from "../../sidecar/probe-handler.ts";
import { imds } from "./endpoint.ts";

test.each([
  ["/livez", false, 200],
  ["/livez", true, 200],
  ["/readyz", false, 503],
  ["/readyz?verbose", true, 200],
  ["/", true, 404],
  [imds(), true, 404],
])("%s, ready: %s → %i", async (url, ready, status) => {
  const reply = createProbeHandler(() => ready)(
    new Request(`http://127.0.0.1${url}`, { headers: { Metadata: "true" } }),
  );
  expect(reply.status).toBe(status);
  expect(await reply.json()).toHaveProperty("status");
});
