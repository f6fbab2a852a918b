import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Issuer, startIssuer } from "../../issuer/issuer.ts";
import { defaultIssuerSettings } from "../../issuer/settings.ts";
import { generateSigningKeys, type SigningKeys } from "../../issuer/signing-keys.ts";
import { isAcceptedByApiServer } from "../../issuer/token-review.ts";
import { type ClusterClient, connect } from "../../kube/client/connect.ts";
import { systemClock } from "../../kube/clock.ts";
import { managedIdentities, namespaces, pods, serviceAccounts } from "../../kube/kinds.ts";
import { runCommand } from "../../tools/run-command.ts";
import { jsonBody } from "../support/json-body.ts";
import { silentLog } from "../support/silent-log.ts";
import { findPrograms } from "./build.ts";
import { PrivateApiServer } from "./private-api-server.ts";
import { openTestCluster } from "./test-cluster.ts";

const [FIRST, SECOND] = ["https://first.example", "https://second.example"];
const namespace = "shop";

// The programs are built for the other suites; a cluster of somebody else comes without them.
await openTestCluster();
const programs = findPrograms();

describe.skipIf(programs === undefined)("the issuer and the ServiceAccount tokens of a real API server", () => {
  let server: PrivateApiServer;
  let client: ClusterClient;
  let signingKeys: SigningKeys;
  const running: { issuer: Issuer; http: Server }[] = [];

  const kubectl = (...args: string[]): Promise<string> =>
    runCommand([join(programs?.folder ?? "", "kubectl"), `--kubeconfig=${server.kubeconfig}`, ...args]);
  /** What `kubectl create token` makes for a pod, whether or not it runs. */
  const tokenFor = async (name: string): Promise<string> => {
    const { metadata } = await client.api.get(pods, { namespace, name });
    const bound = ["--bound-object-kind=Pod", `--bound-object-name=${name}`, `--bound-object-uid=${metadata.uid}`];
    const token = await kubectl(
      "create",
      "token",
      "orders",
      `-n=${namespace}`,
      "--audience=lanyard.dev/issuer",
      ...bound,
    );
    return token.trim();
  };
  const createPod = (name: string, spec: object) =>
    client.api.create(pods, {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { namespace, name } },
      spec: { serviceAccountName: "orders", containers: [{ name: "app", image: "example.com/app:1" }], ...spec },
    });

  /** A process that has just started, as far as it knows anything of the API server. */
  async function newIssuer(): Promise<(token: string) => Promise<{ status: number; code?: string }>> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { api, raw } = client;
    const issuer = startIssuer({
      ...{ api, clock: systemClock, log: silentLog, audit: () => {}, url, signingKeys },
      clusterTokens: {
        keys: async () => (await raw("/openid/v1/jwks")) as never,
        current: async () => ((await raw("/.well-known/openid-configuration")) as { issuer: string }).issuer,
        review: (token) => isAcceptedByApiServer(api, token),
      },
      settings: defaultIssuerSettings,
    });
    http.on("request", issuer.listener);
    running.push({ issuer, http });
    await issuer.synced;
    return async (token) => {
      const body = new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: token,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        audience: url,
      });
      const reply = await fetch(`${url}/oauth2/token`, { method: "POST", body });
      const { error_code: code } = await jsonBody(reply);
      return code === undefined ? { status: reply.status } : { status: reply.status, code };
    };
  }

  beforeAll(async () => {
    if (programs === undefined) return;
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
    const serviceAccountKey = privateKey.export({ type: "sec1", format: "pem" }).toString();
    server = await PrivateApiServer.start(programs, { serviceAccountKey, serviceAccountIssuers: [FIRST] });
    client = await connect(server);
    signingKeys = await generateSigningKeys();
    await kubectl("apply", `--filename=${join(import.meta.dirname, "../../crds")}`);
    await kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
    const { api } = client;
    await api.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const metadata = { namespace, name: "orders" };
    await api.create(serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
    await api.create(managedIdentities, {
      ...{ apiVersion: managedIdentities.apiVersion, kind: managedIdentities.kind, metadata },
      spec: { type: "UserAssigned", subjects: [{ serviceAccount: "orders" }] },
    });
    await createPod("runs", { nodeName: "node-1" });
    await createPod("pending", {});
  });
  afterEach(async () => {
    for (const { issuer, http } of running.splice(0)) {
      http.closeAllConnections();
      http.close();
      await issuer.stop();
    }
  });
  afterAll(async () => {
    await client?.close();
    await server?.remove();
  });

  test("a token that is signed with a P-384 key is good", async () => {
    const token = await tokenFor("runs");
    expect(decodeProtectedHeader(token).alg).toBe("ES384");
    expect(await (await newIssuer())(token)).toEqual({ status: 200 });
  });

  test("a token that a person made for a pod without a node is not", async () => {
    const ask = await newIssuer();
    expect(await ask(await tokenFor("pending"))).toEqual({ status: 401, code: "PodNotScheduled" });
    expect(await ask(await tokenFor("runs"))).toEqual({ status: 200 });
  });

  test("issuers that the API server is given while it runs are noticed, and those that are taken away too", async () => {
    const before = await newIssuer();
    const old = await tokenFor("runs");
    expect([decodeJwt(old).iss, await before(old)]).toEqual([FIRST, { status: 200 }]);

    await server.kill();
    await server.restart({ serviceAccountIssuers: [SECOND, FIRST] });
    const renewed = await tokenFor("runs");
    const since = await newIssuer();
    expect(decodeJwt(renewed).iss).toBe(SECOND);
    for (const ask of [before, since]) {
      expect(await ask(renewed)).toEqual({ status: 200 });
      expect(await ask(old)).toEqual({ status: 200 });
    }

    await server.kill();
    await server.restart({ serviceAccountIssuers: [SECOND] });
    const last = await newIssuer();
    expect(await last(renewed)).toEqual({ status: 200 });
    expect(await last(old)).toEqual({ status: 401, code: "SubjectTokenIssuer" });
  });
});
