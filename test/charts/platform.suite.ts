/** What a platform may need other than the default: EKS with an overlay network, AKS, firewalls before the nodes. */
import { describe, expect, test } from "vitest";
import { only, render } from "./chart.ts";
import { deploymentSpec } from "./pods.ts";

const kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;

describe.each(["webhook", "issuer", "vault"])("the %s", (process) => {
  const rendered = (values: object) => {
    const enabled = { enabled: true };
    const of = process === "vault" ? { vault: { ...enabled, ...values } } : { vault: enabled, [process]: values };
    return render({ values: of });
  };

  test("is on its node's network by choice, with ports of its own, and is replaced where one is free", async () => {
    const objects = await rendered({ hostNetwork: true, ports: { https: 10443, operations: 10090 } });
    const { template, strategy } = deploymentSpec(only(objects, "Deployment", `lanyard-${process}`));
    expect(template.spec).toMatchObject({ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" });
    expect(strategy).toMatchObject({ rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
    const [container] = template.spec.containers;
    expect(container?.ports).toEqual([
      { name: "https", containerPort: 10443 },
      { name: "operations", containerPort: 10090 },
    ]);
    expect(container?.args).toEqual(expect.arrayContaining(["--port=10443", "--operations-port=10090"]));
    // Services, probes and NetworkPolicies name the ports, so they follow.
    const followers = ["Service", "NetworkPolicy"].map((kind) =>
      JSON.stringify(only(objects, kind, `lanyard-${process}`)),
    );
    expect(followers.join()).not.toMatch(/8443|"targetPort":9090/);
    expect(JSON.stringify(container)).not.toMatch(/8443|9090/);
  });

  test("is not on its node's network by default", async () => {
    const objects = await rendered({});
    const { template } = deploymentSpec(only(objects, "Deployment", `lanyard-${process}`));
    expect(template.spec).not.toHaveProperty("hostNetwork");
    expect(template.spec).not.toHaveProperty("dnsPolicy");
  });
});

test.each(kinds)("the %s has the annotations and the time-out of the values", async (kind) => {
  const annotations = { "admissions.enforcer/disabled": "true" };
  const certificates = { certManager: { enabled: true } };
  const objects = await render({ values: { webhook: { annotations, timeoutSeconds: 12 }, certificates } });
  const configuration = only(objects, kind, "lanyard-webhook");
  // cert-manager's own stays.
  expect(configuration.metadata.annotations).toMatchObject(annotations);
  expect(configuration.metadata.annotations).toHaveProperty(["cert-manager.io/inject-ca-from"]);
  expect(configuration.webhooks).toEqual(expect.arrayContaining([expect.objectContaining({ timeoutSeconds: 12 })]));
  const { template } = deploymentSpec(only(objects, "Deployment", "lanyard-webhook"));
  expect(template.spec.containers[0]?.args).toContain("--timeout-seconds=12");
});

test("selectors of the values are added to those of the chart, in each webhook for pods", async () => {
  const further = { key: "control-plane", operator: "DoesNotExist" };
  const values = { webhook: { namespaceSelector: [further], objectSelector: [further], failurePolicy: "Ignore" } };
  const { webhooks } = only(await render({ values }), "MutatingWebhookConfiguration", "lanyard-webhook");
  const { webhooks: plain } = only(await render(), "MutatingWebhookConfiguration", "lanyard-webhook");
  const more = (before: { matchExpressions: object[] }) => ({
    matchExpressions: expect.arrayContaining([...before.matchExpressions, further]),
  });
  const expected = (
    plain as { objectSelector: { matchExpressions: object[] }; namespaceSelector: { matchExpressions: object[] } }[]
  ).map(({ objectSelector, namespaceSelector }) =>
    expect.objectContaining({
      ...{ objectSelector: more(objectSelector), namespaceSelector: more(namespaceSelector), failurePolicy: "Ignore" },
    }),
  );
  expect(webhooks).toEqual(expected);
});
