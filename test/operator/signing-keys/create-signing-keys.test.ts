import { expect, test } from "vitest";
import { installation } from "../../../identity/names.ts";
import { secrets } from "../../../kube/cluster-kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { StatusError } from "../../../kube/status-error.ts";
import { createSigningKeys } from "../../../operator/signing-keys/create-signing-keys.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RecordingApi } from "../recording-api.ts";

const key = { namespace: "system", name: installation.signingKeysSecret };
const emptyApi = (): InMemoryApi => new InMemoryApi({ kinds: [secrets], clock: new FakeClock() });

test("keys are made when there are none, and kept when there are", async () => {
  const api = emptyApi();
  expect(await createSigningKeys(api, "system")).toBe("created");
  const { data } = await api.get(secrets, key);
  expect(await createSigningKeys(api, "system")).toBe("exists");
  expect((await api.get(secrets, key)).data).toEqual(data);
});

test("nothing is read to find that out", async () => {
  const api = new RecordingApi(emptyApi());
  api.get = () => Promise.reject(new Error("the operator may not read this"));
  api.list = () => Promise.reject(new Error("the operator may not read this"));
  await createSigningKeys(api, "system");
  expect(api.writes).toEqual(["create Secret system/lanyard-signing-keys"]);
});

test("what else is refused is an error", async () => {
  const api = new RecordingApi(emptyApi(), () => new StatusError("Forbidden", "refused by the test"));
  await expect(createSigningKeys(api, "system")).rejects.toThrow("refused by the test");
});
