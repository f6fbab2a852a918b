import { describe, expect, test } from "vitest";
import { hasClusterRules, tables, withoutClusterRules } from "./iptables.ts";

const foreign = `*filter
:INPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "not KUBE-SSH" -j ACCEPT
-A FORWARD -j DOCKER-USER
COMMIT
`;
const mixed = `*filter
:INPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
:KUBE-FIREWALL - [0:0]
-A INPUT -j KUBE-FIREWALL
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes" -j KUBE-PROXY-FIREWALL
-A INPUT -p tcp -m tcp --dport 22 -m comment --comment "not KUBE-SSH" -j ACCEPT
-A FORWARD -j DOCKER-USER
-A KUBE-FIREWALL -d 127.0.0.0/8 -j DROP
-A POSTROUTING -s 10.85.0.7/32 -m comment --comment "name: \\"lanyard-test\\"" -j CNI-0a1b2c
COMMIT
`;

describe("the rules of a node", () => {
  test("are found", () => expect(hasClusterRules(mixed)).toBe(true));
  test("are not seen where there are none", () => expect(hasClusterRules(foreign)).toBe(false));
  test("are taken out, and nothing else", () => expect(withoutClusterRules(mixed)).toBe(foreign));
});

test("tables are those that are printed", () => {
  expect(tables(`*nat\nCOMMIT\n${foreign}`)).toEqual(["nat", "filter"]);
  expect(tables("")).toEqual([]);
});
