import { describe, expect, test } from "vitest";
import { Refused } from "../../../issuer/endpoint.ts";
import { defaultIssuerSettings } from "../../../issuer/settings.ts";
import { checkSourceAddress } from "../../../issuer/steps/check-source-address.ts";
import { type Pod, podSchema } from "../../../kube/core-objects.ts";

const ADDRESS = "10.0.0.7";

function pod(name: string, addresses: readonly string[] = [], phase = "Running"): Pod {
  const metadata = {
    name,
    namespace: "shop",
    uid: name,
    resourceVersion: "1",
    creationTimestamp: "2026-11-21T12:00:00Z",
  };
  const status = { phase, podIPs: addresses.map((ip) => ({ ip })) };
  return podSchema.parse({ apiVersion: "v1", kind: "Pod", metadata, spec: {}, status });
}

interface Cluster {
  /** As a watch has told so far. */
  readonly stored: readonly Pod[];
  /** As the API server has them. */
  readonly current: readonly Pod[];
}

/** What becomes of a request from the address with the token of pod `new`, and how many pods are read for it. */
async function outcome({ stored, current }: Cluster) {
  const reads: string[] = [];
  const cluster = {
    pods: {
      async read({ name }: { readonly name: string }) {
        reads.push(name);
        return current.find(({ metadata }) => metadata.name === name);
      },
    },
    podsAt: () => stored.filter(({ status }) => status?.podIPs?.some(({ ip }) => ip === ADDRESS)),
    nodesAt: () => new Set<string>(),
    now: () => Date.parse(pod("new").metadata.creationTimestamp),
  };
  const check = checkSourceAddress({ cluster, settings: defaultIssuerSettings, onUnprovenSource: () => {} });
  const shown = stored.find(({ metadata }) => metadata.name === "new");
  if (shown === undefined) throw new Error("the store has no pod named new");
  const result = await check({ request: { sourceAddress: ADDRESS }, pod: shown, notes: {} });
  return { code: result instanceof Refused ? result.refusal.code : undefined, reads };
}

describe("an address that has changed hands", () => {
  const before = pod("old", [ADDRESS]);

  test.each([
    ["is the new pod's, once its old one is gone", []],
    ["is the new pod's, once its old one has ended", [pod("old", [ADDRESS], "Succeeded")]],
    ["is the new pod's, once its old one has another", [pod("old", ["10.0.0.8"])]],
  ])("%s, however late the watch tells of it", async (_name, current) => {
    const stored = [before, pod("new")];
    expect((await outcome({ stored, current: [pod("new"), ...current] })).code).toBeUndefined();
  });

  test("is the new pod's when it has been reported, although the old one is still there", async () => {
    const stored = [before, pod("new")];
    expect((await outcome({ stored, current: [before, pod("new", [ADDRESS])] })).code).toBeUndefined();
  });

  test("and has not, is refused", async () => {
    const pods = [before, pod("new", ["10.0.0.9"])];
    expect((await outcome({ stored: pods, current: pods })).code).toBe("SourceAddressMismatch");
  });
});

test.each([
  ["its own address", [pod("new", [ADDRESS])]],
  ["an address that nobody is known by", [pod("new", ["10.0.0.9"])]],
])("a request from %s costs no read", async (_name, pods) => {
  expect((await outcome({ stored: pods, current: pods })).reads).toEqual([]);
});
