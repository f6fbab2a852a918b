/** What another pod cannot do, with the address or with the token of this one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ISSUER_AUDIENCE, injection } from "../../../identity/names.ts";
import { folders } from "../../cluster/layout.ts";
import { pod } from "../support/application.ts";
import { askFrom, claimsIn, type Reply, refusedAs, requestFrom } from "../support/ask.ts";
import { apply, field, kubectl, theCluster, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const owner = "e2e-owner";
const stranger = "e2e-stranger";
const audience = audienceOf(owner);
const issuer = "https://lanyard-issuer.lanyard-system.svc";

describeOnCluster("a pod that is another", () => {
  let address: string;
  useNamespaces(owner, stranger);

  beforeAll(async () => {
    await apply(
      managedIdentity({ namespace: owner, name: "orders" }, ["default"]),
      protectedResource(owner),
      readerOf(owner, "orders", { managedIdentity: "orders" }),
      pod({ namespace: owner, name: "victim" }),
      pod({ namespace: stranger, name: "thief", annotations: { "lanyard.dev/gate": "false" } }),
    );
    await Promise.all([waitFor(owner, "Ready", "pod/victim"), waitFor(stranger, "Ready", "pod/thief")]);
    address = await field(owner, "pod/victim", "{.status.podIP}");
  });

  const byThief = (url: string): Promise<Reply> => requestFrom(stranger, "thief", { url });

  test("reaches the endpoint from within", async () => {
    const { xms_mirid } = claimsIn(await askFrom(owner, "victim", audience));
    expect(xms_mirid).toBe(`/namespaces/${owner}/managedIdentities/orders`);
  });

  test("does not reach the endpoint from another namespace: nothing listens at the pod's address", async () => {
    expect(await byThief(`http://${address}:4280/token?audience=${audience}`)).toEqual({ error: "ECONNREFUSED" });
  });

  test("finds no probe port either: the kubelet runs a command in the sidecar", async () => {
    expect(await byThief(`http://${address}:4281/livez`)).toEqual({ error: "ECONNREFUSED" });
  });

  describe("with the sidecar's own token, stolen", () => {
    let stolen: string;

    beforeAll(async () => {
      stolen = await stealToken();
    });

    const exchange = (namespace: string, from: string): Promise<Reply> =>
      requestFrom(namespace, from, { url: `${issuer}/oauth2/token`, method: "POST", ...formOf(stolen) });

    test("the token is good where it belongs", async () => {
      expect(await exchange(owner, "victim")).toMatchObject({ status: 200 });
    });

    test("is refused from another pod, and the refusal says whose token it is", async () => {
      expect(await exchange(stranger, "thief")).toMatchObject(refusedAs("SourceAddressMismatch"));
    });

    test("the theft is told on the pod that it was stolen from", async () => {
      const events = (): Promise<string> => kubectl("describe", `--namespace=${owner}`, "pod/victim");
      await expect.poll(events).toContain("SourceAddressMismatch");
    });
  });
});

/** As somebody with access to the node has it; where the node is not this machine, one that the API server makes alike. */
async function stealToken(): Promise<string> {
  const uid = await field(owner, "pod/victim", "{.metadata.uid}");
  if (theCluster().kind === "node") {
    const volume = `pods/${uid}/volumes/kubernetes.io~projected/${injection.volume}`;
    return readFile(join(folders.kubelet, volume, injection.tokenFile), "utf8");
  }
  const bound = ["--bound-object-kind=Pod", "--bound-object-name=victim", `--bound-object-uid=${uid}`];
  const token = await kubectl(
    "create",
    "token",
    "default",
    `--namespace=${owner}`,
    `--audience=${ISSUER_AUDIENCE}`,
    ...bound,
  );
  return token.trim();
}

function formOf(token: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: token,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    audience,
  });
  return { headers: { "content-type": "application/x-www-form-urlencoded" }, body: String(form) };
}
