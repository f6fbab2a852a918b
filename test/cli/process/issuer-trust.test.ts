import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { issuerTrust } from "../../../cli/process/issuer-trust.ts";
import type { Secret } from "../../../kube/cluster-kinds.ts";
import { secretData } from "../../../kube/secret-data.ts";
import { issuerTransport } from "../../../vault/issuer/issuer-transport.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const PEM = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
const key = { namespace: "lanyard-system", name: "lanyard-vault-serving" };
const noTrust = "Secret lanyard-vault-serving has no ca.crt, by which the issuer would be known";

function serving(data: Readonly<Record<string, string>>): Secret {
  const metadata = { ...key, uid: "s", resourceVersion: "1", creationTimestamp: "2026-11-22T08:00:00Z" };
  return { apiVersion: "v1", kind: "Secret", metadata, data: secretData(data) };
}

test("the authorities are those of the Secret as it is now", async () => {
  let secret = serving({ "ca.crt": `${PEM}\n` });
  const readTrust = issuerTrust({ key, get: () => secret });
  expect(await readTrust()).toBe(PEM);
  secret = serving({ "ca.crt": `${PEM}\n${PEM}\n` });
  expect(await readTrust()).toBe(`${PEM}\n${PEM}`);
});

test.each([
  ["there is no Secret", undefined],
  ["it has no authorities", serving({ "tls.crt": PEM })],
  ["they are empty", serving({ "ca.crt": "" })],
  ["they are blank", serving({ "ca.crt": " \n" })],
])("while %s, nobody is trusted with the vault's own token", async (_what, secret) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end('{"active": false}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = issuerTransport({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    readToken: async () => "own-token",
    readTrust: issuerTrust({ key, get: () => secret }),
    clock: new FakeClock(),
  });
  onTestFinished(() => {
    transport.close();
    server.close();
  });
  const traceId = "ab".repeat(16);
  await expect(transport.ask({ path: "/x", contentType: "x", body: "", traceId })).rejects.toThrow(noTrust);
  await expect(transport.read("/keys")).rejects.toThrow(noTrust);
  expect(asked).toBe(0);
});
