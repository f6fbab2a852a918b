import { BlockList, isIP } from "node:net";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { only, type Rendered, render } from "./chart.ts";

const policy = (objects: readonly Rendered[], process: string): Rendered =>
  only(objects, "NetworkPolicy", `lanyard-${process}`);
const DNS = [
  { protocol: "UDP", port: 53 },
  { protocol: "TCP", port: 53 },
];
const toEverywhere = [
  { to: expect.any(Array), ports: [{ protocol: "TCP", port: 1, endPort: 65_535 }] },
  { to: expect.any(Array), ports: DNS },
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

const blocks = z.object({
  spec: z.object({
    egress: z.array(
      z.object({
        to: z.array(z.object({ ipBlock: z.object({ cidr: z.string(), except: z.array(z.string()) }) })).min(1),
        ports: z.array(z.object({ port: z.number() })),
      }),
    ),
  }),
});

/** Where clouds hand out a node's credentials, and the address of a node's cache for DNS. */
const metadata = [
  "169.254.169.254",
  "168.63.129.16",
  "100.100.100.200",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
];
const NODE_LOCAL_DNS = "169.254.20.10";

describe.each(["operator", "webhook", "issuer", "vault"])("the %s, with the default values", (process) => {
  /** Whether a rule for this port lets packets to the address out. */
  async function reaches(address: string, port: number): Promise<boolean> {
    const objects = await render({ values: { vault: { enabled: true } } });
    const rules = blocks.parse(policy(objects, process)).spec.egress;
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    return rules
      .filter(({ ports }) => ports.some((rule) => rule.port === port || (rule.port === 1 && port !== 53)))
      .flatMap(({ to }) => to)
      .filter(({ ipBlock: { cidr } }) => cidr.includes(":") === address.includes(":"))
      .some(
        ({ ipBlock: { cidr, except } }) =>
          listOf([cidr]).check(address, family) && !listOf(except).check(address, family),
      );
  }

  test.each([...metadata, "169.254.1.1", "169.254.170.2", "fe80::1"])("does not reach %s", async (address) => {
    expect(await reaches(address, 80)).toBe(false);
  });

  test.each(["10.0.0.1", "203.0.113.1", "2001:db8::1"])("reaches an API server at %s", async (address) => {
    expect(await reaches(address, 6443)).toBe(true);
  });

  test("reaches DNS, also in a cache of the node", async () => {
    expect(await Promise.all(["10.96.0.10", NODE_LOCAL_DNS].map((address) => reaches(address, 53)))).toEqual([
      true,
      true,
    ]);
    expect(await reaches("169.254.169.254", 53)).toBe(false);
  });
});

function listOf(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", prefix] = cidr.split("/");
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return list;
}

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
