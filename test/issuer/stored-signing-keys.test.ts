import { expect, test } from "vitest";
import { installation } from "../../identity/names.ts";
import { publicKeySet } from "../../issuer/signing-keys.ts";
import { readSigningKeys } from "../../issuer/stored-signing-keys.ts";
import { secrets } from "../../kube/cluster-kinds.ts";
import { InMemoryApi } from "../../kube/memory/in-memory-api.ts";
import { secretData } from "../../kube/secret-data.ts";
import { createSigningKeys } from "../../operator/signing-keys/create-signing-keys.ts";
import { FakeClock, settle } from "../support/fake-clock.ts";
import { textLog } from "../support/issuer-world.ts";

const name = installation.signingKeysSecret;
const namespace = "system";

function world() {
  const clock = new FakeClock();
  const api = new InMemoryApi({ kinds: [secrets], clock });
  const logged: string[] = [];
  return { api, logged, read: () => readSigningKeys({ api, clock, log: textLog(logged), namespace, name }) };
}

test("an issuer reads the keys that the operator made, and every replica the same", async () => {
  const { api, read } = world();
  await createSigningKeys(api, namespace);
  const [one, other] = await Promise.all([read(), read()]);
  expect(Object.keys(one)).toEqual(["RS256", "ES256"]);
  expect(publicKeySet(one)).toEqual(publicKeySet(other));
});

test("an issuer that is there first waits for them", async () => {
  const { api, read } = world();
  const keys = read();
  await settle();
  await createSigningKeys(api, namespace);
  expect((await keys).RS256.algorithm).toBe("RS256");
});

test.each([
  { given: "no key set", data: {} },
  { given: "no JSON", data: { [installation.signingKeysKey]: "private-text" } },
  { given: "another JSON", data: { [installation.signingKeysKey]: '{"keys":["private-text"]}' } },
  { given: "no private keys", data: { [installation.signingKeysKey]: '{"keys":[{"kty":"private-text"}]}' } },
])("a Secret with $given is waited over, and the log tells nothing of what it holds", async ({ data }) => {
  const { api, logged, read } = world();
  const metadata = { name, namespace };
  await api.create(secrets, { apiVersion: "v1", kind: "Secret", metadata, data: secretData(data) });
  const keys = read();
  await settle();
  await settle();
  expect(logged).toHaveLength(1);
  expect(logged.join()).toContain("delete it, and restart the operator");
  expect(logged.join()).not.toContain("private-text");
  await api.delete(secrets, metadata);
  await createSigningKeys(api, namespace);
  await expect(keys).resolves.toBeDefined();
});
