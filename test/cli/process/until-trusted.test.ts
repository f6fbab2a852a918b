import { expect, test } from "vitest";
import { untilTrusted } from "../../../cli/process/until-trusted.ts";
import { mutatingWebhookConfigurations as kind } from "../../../kube/cluster-kinds.ts";
import { InMemoryApi } from "../../../kube/memory/in-memory-api.ts";
import { FakeClock, settle } from "../../support/fake-clock.ts";

const log = { info() {}, warn() {}, error() {} };
const name = "lanyard-webhook";

function waiting() {
  const clock = new FakeClock();
  const api = new InMemoryApi({ kinds: [kind], clock });
  let isTrusted = false;
  const done = untilTrusted({ api, clock, log }, name).then(() => {
    isTrusted = true;
  });
  const write = async (...bundles: readonly (string | undefined)[]): Promise<boolean> => {
    const webhooks = bundles.map((caBundle, index) => ({
      name: `w${index}.lanyard.dev`,
      clientConfig: caBundle === undefined ? {} : { caBundle },
    }));
    const manifest = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name }, webhooks };
    await api.apply(kind, manifest, { fieldManager: "test", force: true });
    await settle();
    await settle();
    return isTrusted;
  };
  return { done, write };
}

test("nobody is told that the webhook is ready before the API server can call every entry of it", async () => {
  const { done, write } = waiting();
  expect(await write(undefined, undefined)).toBe(false);
  expect(await write("Q0E=", undefined)).toBe(false);
  expect(await write("Q0E=", "")).toBe(false);
  expect(await write("Q0E=", "Q0E=")).toBe(true);
  await done;
});

test("a configuration without an entry leads nowhere", async () => {
  const { done, write } = waiting();
  expect(await write()).toBe(false);
  expect(await write("Q0E=")).toBe(true);
  await done;
});
