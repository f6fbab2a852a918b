import { describe, expect, test } from "vitest";
import { controllerChain } from "../../issuer/controller-chain.ts";
import { customOwners } from "../../issuer/custom-owners.ts";
import { customWorkload } from "../../kube/custom-workloads.ts";
import type { Kind } from "../../kube/kind.ts";
import { allKinds, namespaces } from "../../kube/kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { jsonBody } from "../support/json-body.ts";
import { shop } from "../support/shop.ts";

const revisions = customWorkload("serving.knative.dev/v1", "Revision", "revisions");
const services = customWorkload("serving.knative.dev/v1", "Service", "services");

/** Service web → Revision web-1 → Pod web-1-a, as the API holds them. */
async function chainOf(kinds: readonly Kind[], version = "v1") {
  const clock = new FakeClock();
  const api = new InMemoryApi({ kinds: [...allKinds, revisions, services], clock });
  await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  const make = (
    kind: Kind,
    name: string,
    owner?: { readonly metadata: { readonly name: string; readonly uid: string }; readonly kind: string },
  ) => {
    const reference = owner && {
      ...{ apiVersion: `serving.knative.dev/${version}`, kind: owner.kind, controller: true },
      ...{ name: owner.metadata.name, uid: owner.metadata.uid },
    };
    const ownerReferences = reference === undefined ? {} : { ownerReferences: [reference] };
    return api.create(kind, {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { namespace: "shop", name, ...ownerReferences },
    });
  };
  const service = await make(services, "web");
  const revision = await make(revisions, "web-1", service);
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...revision.metadata,
      name: "web-1-a",
      uid: "pod",
      ownerReferences: [
        {
          apiVersion: `serving.knative.dev/${version}`,
          kind: "Revision",
          name: "web-1",
          uid: revision.metadata.uid,
          controller: true,
        },
      ],
    },
  };
  const owners = customOwners({ api, clock, kinds: () => kinds });
  const chain = await controllerChain(pod, async ({ name, uid, ...kind }, namespace) => {
    const reader = owners.readerOf(kind);
    return reader === undefined ? "unknown" : reader.read({ namespace, name, uid });
  });
  return { chain, uids: ["pod", revision.metadata.uid, service.metadata.uid] };
}

describe("the chain of controllers of an API that extends Kubernetes", () => {
  test.each(["v1", "v1beta1"])("is climbed to its top where each kind is read (references in %s)", async (version) => {
    const { chain, uids } = await chainOf([revisions, services], version);
    expect([...chain]).toEqual(uids);
    expect(chain.unknown).toBeUndefined();
  });

  test("ends at a kind that is not read, and names it", async () => {
    const { chain, uids } = await chainOf([revisions]);
    expect([...chain]).toEqual(uids.slice(0, 2));
    expect(chain.unknown).toMatchObject({ kind: "Service", name: "web" });
  });
});

test("a pod below an unknown controller is refused with the name of the chart value", async () => {
  const { world, tokens, exchange } = await shop();
  const account = await world.serviceAccount("shop/default");
  const metadata = { name: "web", uid: "rollout", resourceVersion: "1", creationTimestamp: "2026-12-01T00:00:00Z" };
  const controller = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata };
  const pod = await world.pod("shop/web-a", { controller });
  const reply = await exchange({ subject_token: await tokens.mintPodToken(pod, account) });
  expect(await jsonBody(reply)).toMatchObject({
    error_code: "NoIdentity",
    error_description: expect.stringMatching(/Rollout \(argoproj\.io\), to the chart value workloads/),
  });
});
