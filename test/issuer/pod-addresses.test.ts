import { expect, test } from "vitest";
import { podAddressIndexes } from "../../issuer/pod-addresses.ts";
import { podSchema } from "../../kube/core-objects.ts";
import { normalAddress } from "../../kube/source-address.ts";

const metadata = {
  name: "orders-1",
  namespace: "shop",
  uid: "6f0c",
  resourceVersion: "1",
  creationTimestamp: "2026-11-21T12:00:00Z",
};
const pod = (status: object, hostNetwork = false) =>
  podSchema.parse({ apiVersion: "v1", kind: "Pod", metadata, spec: { hostNetwork }, status });
const podIPs = [{ ip: "10.0.0.5" }, { ip: "fd00::5" }];
const hostIPs = [{ ip: "192.168.0.1" }];

test.each([
  ["a running pod has its own", pod({ phase: "Running", podIPs, hostIPs }), ["10.0.0.5", "fd00::5"], ["192.168.0.1"]],
  ["one that ended has given them back", pod({ phase: "Failed", podIPs, hostIPs }), [], ["192.168.0.1"]],
  ["on the host network they are the node's", pod({ podIPs: hostIPs, hostIPs }, true), [], ["192.168.0.1"]],
  ["an older kubelet says the node's in one field", pod({ hostIP: "192.168.0.1" }), [], ["192.168.0.1"]],
  ["one that nobody reported on has none", pod({}), [], []],
])("%s", (_name, of, own, node) => {
  expect([podAddressIndexes.address(of), podAddressIndexes.nodeAddress(of)]).toEqual([own, node]);
});

test.each([
  ["10.0.0.5", "10.0.0.5"],
  ["::ffff:10.0.0.5", "10.0.0.5"],
  ["::FFFF:10.0.0.5", "10.0.0.5"],
  ["FD00::5", "fd00::5"],
  ["fe80::1%eth0", "fe80::1"],
  ["::1", "::1"],
  ["", ""],
])("a socket's %j is %j", (given, expected) => {
  expect(normalAddress(given)).toBe(expected);
});
