/** Pods that something is wrong with: who writes one is told at once, and `kubectl describe pod` says what to do. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Application, pod } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { apply, field, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-pods";
const audience = audienceOf(namespace);
const named = (name: string): { readonly namespace: string; readonly name: string } => ({ namespace, name });

describeOnCluster("a pod that something is wrong with", () => {
  useNamespaces(namespace);

  beforeAll(() =>
    apply(
      ...["orders", "late", "nobody"].map((name) => serviceAccount(named(name))),
      managedIdentity(named("orders"), ["orders"]),
      managedIdentity(named("closed"), []),
      protectedResource(namespace),
      readerOf(namespace, "orders", { managedIdentity: "orders" }),
    ),
  );

  describe.each<Gated>([
    {
      given: "names an identity that does not exist",
      application: { ...named("ghost"), serviceAccount: "late", annotations: { "lanyard.dev/identity": "ghost" } },
      warning: 'ManagedIdentity "ghost" does not exist. Create it, or correct annotation lanyard.dev/identity.',
      repair: managedIdentity(named("ghost"), ["late"]),
    },
    {
      given: "names an identity that it may not use",
      application: { ...named("closed"), serviceAccount: "late", annotations: { "lanyard.dev/identity": "closed" } },
      warning: `Add "serviceAccount: late" to spec.subjects of ManagedIdentity ${namespace}/closed`,
      repair: managedIdentity(named("closed"), ["late"]),
    },
  ])("that $given", ({ application, warning, repair }) => {
    const object = `pod/${application.name}`;

    test("is taken with a warning, waits, says why, and starts when that is mended", async () => {
      const { stdout, stderr } = await apply(pod(application));
      expect(stdout).toBe(`${object} created\n`);
      expect(stderr).toContain(warning);
      expect(await field(namespace, object, "{.metadata.annotations.lanyard\\.dev/injection-message}")).toContain(
        warning,
      );

      const described = (): Promise<string> => kubectl("describe", `--namespace=${namespace}`, object);
      await expect.poll(described).toMatch(/Warning +IdentityNotFound .*spec\.subjects/);
      expect(await statusOf(object)).not.toContain("running");

      await apply(repair);
      await waitFor(namespace, "Ready", object);
    });
  });

  test("may use no identity at all: it waits, and the Event names what is missing", async () => {
    await apply(pod({ ...named("nobody"), serviceAccount: "nobody" }));
    const described = (): Promise<string> => kubectl("describe", `--namespace=${namespace}`, "pod/nobody");
    await expect.poll(described).toMatch(/Warning +NoIdentity .*Add ServiceAccount e2e-pods\/nobody to spec\.subjects/);
    expect(await statusOf("pod/nobody")).not.toContain("running");
  });

  test.each<Warned>([
    {
      given: "has an annotation that nobody knows",
      application: { ...named("typo"), annotations: { "lanyard.dev/identiy": "orders" } },
      warning: 'unknown annotation, so it has no effect. Did you mean "lanyard.dev/identity"?',
    },
    {
      given: "has an annotation with a value that nobody knows",
      application: { ...named("value"), annotations: { "lanyard.dev/sidecar-mode": "natve" } },
      warning: "lanyard.dev/sidecar-mode",
    },
    {
      given: "declares the port that it wants for the endpoint",
      application: {
        ...{ ...named("port"), annotations: { "lanyard.dev/port": "9000" } },
        container: { ports: [{ containerPort: 9000 }] },
      },
      warning: "a container declares port 9000, so the token endpoint is at 9001",
    },
  ])("$given: a warning, and it runs and has its tokens", async ({ application, warning }) => {
    const { stderr } = await apply(pod({ ...application, serviceAccount: "orders" }));
    expect(stderr).toContain(warning);
    await waitFor(namespace, "Ready", `pod/${application.name}`);
    expect(claimsIn(await askFrom(namespace, application.name, audience)).roles).toEqual(["reader"]);
  });

  test("a trust bundle that is deleted comes back, and a pod that was created without it starts", async () => {
    await kubectl("delete", "configmap/lanyard-trust-bundle", `--namespace=${namespace}`);
    await apply(pod({ ...named("trusting"), serviceAccount: "orders" }));
    await waitFor(namespace, "create", "configmap/lanyard-trust-bundle");
    await waitFor(namespace, "Ready", "pod/trusting");
    expect(claimsIn(await askFrom(namespace, "trusting", audience)).roles).toEqual(["reader"]);
  });

  test("that waits for an identity says in an Event what is missing", async () => {
    const described = (): Promise<string> => kubectl("describe", `--namespace=${namespace}`, "pod/nobody");
    await expect.poll(described).toMatch(/Warning +\w+ .*spec\.subjects/);
  });
});

interface Warned {
  readonly given: string;
  readonly application: Application;
  /** What kubectl shows on standard error. */
  readonly warning: string;
}

interface Gated extends Warned {
  /** The object that the warning asks for. */
  readonly repair: object;
}

const statusOf = (object: string): Promise<string> => field(namespace, object, "{.status.containerStatuses[0].state}");
