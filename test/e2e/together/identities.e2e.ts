/** Which pod gets a token of which identity, and for how long. */
import { beforeAll, describe, expect, test } from "vitest";
import { deployment } from "../support/application.ts";
import { askFrom, type Claims, claimsIn, type Reply, refusedAs, requestFrom } from "../support/ask.ts";
import { apply, field, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf, serviceAccount } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const shop = "e2e-shop";
const analytics = "e2e-analytics";
const audience = audienceOf(shop);
/** Also the audience of an access token that a service shows to the issuer. */
const issuer = "https://lanyard-issuer.lanyard-system.svc";
const systemAssigned = { "lanyard.dev/system-assigned": "true" };
const ungated = { "lanyard.dev/gate": "false" };

const inShop = (name: string): { readonly namespace: string; readonly name: string } => ({ namespace: shop, name });
const inAnalytics = (name: string) => ({ namespace: analytics, name, serviceAccount: "reports" });
const account = (name: string): object => serviceAccount(inShop(name));
const reports = { ...inShop("reports"), annotations: systemAssigned };

describeOnCluster("identities on a real cluster", () => {
  useNamespaces(shop, analytics);

  beforeAll(async () => {
    await apply(
      ...["web", "worker", "both"].map(account),
      serviceAccount({ namespace: analytics, name: "reports" }),
      protectedResource(shop),
      ...identities,
      readerOf(shop, "orders", { managedIdentity: "orders" }),
      readerOf(shop, "one", { managedIdentity: "one" }),
      readerOf(shop, "two", { managedIdentity: "two" }),
      readerOf(shop, "shared", { managedIdentity: "shared" }),
      readerOf(shop, "reports", { workload: { kind: "Deployment", name: "reports" } }),
      ...deployments,
    );
    await waitFor(shop, "Ready", "mi/orders", "mi/one", "mi/two", "rasn/orders", "rasn/reports");
    await Promise.all([
      waitFor(shop, "Available", ...["web", "worker", "both", "reports"].map((name) => `deployment/${name}`)),
      waitFor(analytics, "Available", ...["named", "unnamed", "unasked"].map((name) => `deployment/${name}`)),
    ]);
  });

  const identities = [
    managedIdentity(inShop("orders"), ["web", "worker"]),
    managedIdentity(inShop("one"), ["both"]),
    managedIdentity(inShop("two"), ["both"]),
    managedIdentity(inShop("shared"), [`${analytics}/reports`]),
    managedIdentity(inShop("closed"), ["web"]),
  ];

  const deployments = [
    deployment({ ...inShop("web"), serviceAccount: "web", annotations: { "lanyard.dev/identity": "orders" } }),
    deployment({ ...inShop("worker"), serviceAccount: "worker" }),
    deployment({ ...inShop("both"), serviceAccount: "both" }),
    deployment(reports),
    deployment({ ...inAnalytics("named"), annotations: { "lanyard.dev/identity": `${shop}/shared` } }),
    deployment({ ...inAnalytics("unnamed"), annotations: ungated }),
    deployment({ ...inAnalytics("unasked"), annotations: { ...ungated, "lanyard.dev/identity": `${shop}/closed` } }),
  ];

  test("a user-assigned identity is shared by two workloads; the tokens still say which pod asked", async () => {
    const claims = await Promise.all(
      ["deployment/web", "deployment/worker"].map(async (pod) => claimsIn(await askFrom(shop, pod, audience))),
    );
    const subjects = claims.map(({ sub }) => sub);
    const principalId = await field(shop, "mi/orders", "{.status.principalId}");
    expect(subjects).toEqual([principalId, principalId]);
    expect(new Set(claims.map((each) => each["kubernetes.io"].pod.name)).size).toBe(2);
  });

  describe("two identities in one pod", () => {
    test("unnamed: refused, with the advice to name one", async () => {
      expect(await askFrom(shop, "deployment/both", audience)).toMatchObject(refusedAs("IdentityAmbiguous"));
    });

    test.each(["one", "two"])("by the client id of %s: that one", async (name) => {
      const clientId = await field(shop, `mi/${name}`, "{.status.clientId}");
      const claims = claimsIn(await askFrom(shop, "deployment/both", audience, `&client_id=${clientId}`));
      expect(claims).toMatchObject({ azp: clientId, xms_mirid: `/namespaces/${shop}/managedIdentities/${name}` });
    });
  });

  describe("an identity of another namespace", () => {
    test("its owner consents and the pod names it: a token", async () => {
      const { sub } = claimsIn(await askFrom(analytics, "deployment/named", audience));
      expect(sub).toBe(await field(shop, "mi/shared", "{.status.principalId}"));
    });

    test("its owner consents and the pod does not name it: it has none", async () => {
      expect(await askFrom(analytics, "deployment/unnamed", audience)).toMatchObject(refusedAs("NoIdentity"));
    });

    test("its owner does not consent: refused, though the pod names it", async () => {
      expect(await askFrom(analytics, "deployment/unasked", audience)).toMatchObject(refusedAs("IdentityNotFound"));
    });
  });

  test("a system-assigned identity goes with its Deployment, along with its assignments' effect", async () => {
    const old = claimsIn(await askFrom(shop, "deployment/reports", audience));
    const name = old.xms_mirid.split("/").at(-1) ?? "";
    expect(await mayRead(old)).toMatchObject({ body: { decision: true } });

    await kubectl("delete", `--namespace=${shop}`, "--wait=false", "deployment/reports");
    await waitFor(shop, "delete", `mi/${name}`);
    await expect.poll(() => reasonOf("rasn/reports")).toBe("PrincipalDeleted");
    expect(await mayRead(old)).toMatchObject({
      body: { decision: false, context: { reason_code: "ActionNotGranted" } },
    });

    await waitFor(shop, "delete", "pod", "--selector=app=reports");
    await apply(deployment(reports));
    await waitFor(shop, "Available", "deployment/reports");
    expect(await askFrom(shop, "deployment/reports", audience)).toMatchObject(refusedAs("RoleAssignmentRequired"));
    await expect.poll(() => reasonOf("rasn/reports")).toBe("PrincipalReplaced");
  });
});

const reasonOf = (object: string): Promise<string> =>
  field(shop, object, "{.status.conditions[?(@.type=='Ready')].reason}");

/** What the issuer decides about a principal, asked by another that is still there. */
function mayRead({ sub }: Claims): Promise<Reply> {
  const evaluation = {
    subject: { type: "managed_identity", id: sub },
    action: { name: "stock/read" },
    resource: { type: "protected_resource", id: audience },
  };
  return requestFrom(shop, "deployment/web", {
    ...{ url: `${issuer}/access/v1/evaluation`, method: "POST", as: issuer },
    ...{ headers: { "content-type": "application/json" }, body: JSON.stringify(evaluation) },
  });
}
