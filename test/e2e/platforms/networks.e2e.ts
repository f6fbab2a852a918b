/** Pods whose network differs from that of others: their own resolver, a proxy in every container, a mesh. */
import { beforeAll, describe, expect, test } from "vitest";
import { installation } from "../../../identity/names.ts";
import { type Application, pod } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { type InjectedPod, injectedPod } from "../support/injected-pod.ts";
import { apply, field, kubectl, theCluster, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";
import { iptablesIn, pidWith } from "../support/pod-network.ts";

const namespace = "e2e-networks";
const audience = audienceOf(namespace);
const roles = async (name: string) => claimsIn(await askFrom(namespace, name, audience)).roles;

/** A pod's spec with members that `podSpec` knows nothing of. */
function podWith(application: Application, members: object): object {
  const written = pod(application) as { readonly spec: object };
  return { ...written, spec: { ...written.spec, ...members } };
}

describeOnCluster("the network of a pod", () => {
  useNamespaces(namespace);

  beforeAll(() =>
    apply(
      managedIdentity({ namespace, name: "orders" }, ["default"]),
      protectedResource(namespace),
      readerOf(namespace, "orders", { managedIdentity: "orders" }),
    ),
  );

  test.each([
    ["of its node", "dns-default", { dnsPolicy: "Default" }],
    // RFC 5737: packets to it are never answered.
    ["of its own that does not answer", "dns-none", { dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.1"] } }],
  ])("has a resolver %s: the sidecar takes the issuer's address", async (_resolver, name, members) => {
    await apply(podWith({ namespace, name }, members));
    await waitFor(namespace, "Ready", `pod/${name}`);
    expect(await roles(name)).toEqual(["reader"]);
  });

  test("has a proxy, whose variables a later webhook sets in every container", async () => {
    const proxy = "http://127.0.0.1:3128";
    const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    const variables = names.map((variable) => ({ name: variable, value: proxy }));
    const injected = await injectedPod(pod({ namespace, name: "proxied" }));
    await apply(withEverywhere(injected, variables));
    await waitFor(namespace, "Ready", "pod/proxied");
    // As Python, JavaScript and others do, and Node.js itself with this variable.
    const program = `fetch(process.env.IDENTITY_ENDPOINT).then((reply) => console.log(reply.status))`;
    const node = ["/usr/local/bin/node", "--use-env-proxy", "--eval", program];
    const exec = ["exec", `--namespace=${namespace}`, "proxied", "--container=app", "--"];
    expect(await kubectl(...exec, ...node)).toBe("401\n");
  });

  describe.skipIf(theNodeIsAway())("is redirected by a mesh whose proxy has not started", () => {
    test.each([
      [
        "Istio",
        "istio",
        { labels: { "sidecar.istio.io/inject": "true" } },
        "traffic.sidecar.istio.io/excludeOutboundPorts",
      ],
      [
        "Linkerd",
        "linkerd",
        { annotations: { "linkerd.io/inject": "enabled" } },
        "config.linkerd.io/skip-outbound-ports",
      ],
    ])("like %s's CNI plugin does: the gate opens", async (_mesh, name, members, annotation) => {
      const injected = await injectedPod(pod({ namespace, name, ...members }));
      const skipped = injected.metadata.annotations[annotation] ?? "";
      expect(skipped).toBe(String(installation.issuerMeshPort));
      await startInMesh(injected, name, skipped);
      await waitFor(namespace, "Ready", `pod/${name}`);
      expect(await roles(name)).toEqual(["reader"]);
      // No connection from outside the pod reaches the sidecar, so that only a command can probe it.
      await kubectl("exec", `--namespace=${namespace}`, name, "--container=lanyard", "--", "/lanyard-sidecar", "live");
    });

    test("without the annotation the gate stays closed: the imitation does redirect", async () => {
      const injected = await injectedPod(pod({ namespace, name: "captured" }));
      await startInMesh(injected, "captured", "");
      const terminated = "{.status.initContainerStatuses[?(@.name=='lanyard')].lastState.terminated.message}";
      await expect.poll(() => field(namespace, "pod/captured", terminated)).toContain("IssuerUnavailable");
    });
  });
});

/** The rules need the node's own kernel. */
function theNodeIsAway(): boolean {
  try {
    return theCluster().kind !== "node";
  } catch {
    return true;
  }
}

function withEverywhere(injected: InjectedPod, variables: readonly { name: string; value: string }[]): object {
  const added = (list: InjectedPod["spec"]["containers"]): object[] =>
    list.map((container) => ({ ...container, env: [...(container.env ?? []), ...variables] }));
  const { initContainers, containers } = injected.spec;
  return {
    ...injected,
    spec: { ...injected.spec, initContainers: added(initContainers), containers: added(containers) },
  };
}

/** Holds the pod until its network has the rules that a CNI plugin writes before any container starts. */
async function startInMesh(injected: InjectedPod, name: string, skippedPorts: string): Promise<void> {
  const marker = `hold-${name}`;
  const [app] = injected.spec.containers;
  const hold = {
    ...app,
    name: "hold",
    command: ["/usr/local/bin/node", "/application/hold.ts", marker],
    volumeMounts: [
      { name: "application", mountPath: "/application" },
      { name: "hold", mountPath: "/tmp" },
    ],
  };
  const { spec } = injected;
  const volumes = [...(spec.volumes as object[]), { name: "hold", emptyDir: {} }];
  await apply({ ...injected, spec: { ...spec, volumes, initContainers: [hold, ...spec.initContainers] } });
  await expect.poll(() => findable(marker)).toBe(true);
  const skip = skippedPorts === "" ? [] : [`-t nat -A OUTPUT -p tcp --dport ${skippedPorts} -j RETURN`];
  await iptablesIn(
    marker,
    "-t nat -A OUTPUT -d 127.0.0.0/8 -j RETURN",
    ...skip,
    "-t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 15001",
    "-t nat -A OUTPUT -p udp --dport 53 -j REDIRECT --to-ports 15053",
    "-t nat -A PREROUTING -p tcp -j REDIRECT --to-ports 15006",
  );
  const touch = `require("fs").writeFileSync("/tmp/go", "")`;
  await kubectl(
    "exec",
    `--namespace=${namespace}`,
    name,
    "--container=hold",
    "--",
    "/usr/local/bin/node",
    "--eval",
    touch,
  );
}

function findable(marker: string): boolean {
  try {
    return pidWith(marker) !== "";
  } catch {
    return false;
  }
}
