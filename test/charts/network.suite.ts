import { describe, expect, test } from "vitest";
import { only, type Rendered, render } from "./chart.ts";

const policy = (objects: readonly Rendered[], process: string): Rendered =>
  only(objects, "NetworkPolicy", `lanyard-${process}`);
const toEverywhere = [
  { ports: [{ protocol: "TCP", port: 1, endPort: 65_535 }] },
  { ports: [{ protocol: "UDP", port: 53 }] },
];
const https = { ports: [{ port: "https" }] };
const operations = { ports: [{ port: "operations" }] };

describe("by default", () => {
  test.each([
    { process: "operator", ingress: [operations] },
    { process: "webhook", ingress: [https, operations] },
    { process: "issuer", ingress: [https, operations] },
  ])("everybody reaches the ports of the $process, and no other port of it", async ({ process, ingress }) => {
    const { spec } = policy(await render(), process);
    expect(spec).toMatchObject({ policyTypes: ["Ingress", "Egress"], ingress, egress: toEverywhere });
  });
});

describe("with peers in the values", () => {
  const peer = (name: string) => [{ namespaceSelector: { matchLabels: { name } } }];
  const networkPolicies = {
    ...{ issuerFrom: peer("apps"), webhookFrom: peer("api"), operationsFrom: peer("monitoring") },
    egress: [{ to: [{ ipBlock: { cidr: "192.0.2.1/32" } }] }],
  };

  test.each([
    { process: "operator", ingress: [{ ...operations, from: peer("monitoring") }] },
    {
      process: "webhook",
      ingress: [
        { ...https, from: peer("api") },
        { ...operations, from: peer("monitoring") },
      ],
    },
    {
      process: "issuer",
      ingress: [
        { ...https, from: peer("apps") },
        { ...operations, from: peer("monitoring") },
      ],
    },
  ])("only those reach the $process, and it reaches only what egress says", async ({ process, ingress }) => {
    const { spec } = policy(await render({ values: { networkPolicies } }), process);
    expect(spec).toMatchObject({ ingress, egress: networkPolicies.egress });
  });
});
