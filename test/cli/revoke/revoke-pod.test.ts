import { expect, test } from "vitest";
import { type PodToRevoke, type RevokePodOptions, revokePod } from "../../../cli/revoke/revoke-pod.ts";
import { tokenRevocations } from "../../../kube/kinds.ts";
import { World } from "../../support/world.ts";
import type { Forbids } from "../cluster/limited-api.ts";
import { answered, testSession } from "../cluster/test-session.ts";

const uid = "6f0c2f0e-6d0c-4c55-9f63-0a8b6d9a2f11";
const noPods: Forbids = (_, plural) => plural === "pods";

interface Attempt {
  readonly named?: Partial<PodToRevoke>;
  readonly forbids?: Forbids;
  readonly options?: Partial<RevokePodOptions>;
  /** What the person answers; nobody is there by default. */
  readonly reply?: boolean;
}

/** The question that was asked, the notes or the error, and how many revocations were there when it was asked and after. */
async function attempt({ named, forbids, options, reply }: Attempt) {
  const world = await World.create();
  await world.namespace("shop");
  await world.pod("shop/orders-0");
  const written = async (): Promise<number> => (await world.api.list(tokenRevocations)).items.length;
  const asked: { question: string; written: number }[] = [];
  const confirm = async (question: string): Promise<boolean | undefined> => {
    asked.push({ question, written: await written() });
    return reply;
  };
  const pod = { namespace: "shop", name: "orders-0", uid: undefined, ...named };
  const session = { ...testSession(world, forbids), confirm };
  const said = await answered(
    revokePod(pod, { timeout: 1, ...options }, session).then(
      ({ notes }) => notes?.join("\n") ?? "",
      (error: Error) => `${error.name}: ${error.message}`,
    ),
    world.clock,
  );
  return { said, asked, written: await written() };
}

test.each<Attempt & { what: string }>([
  { what: "a pod that is there" },
  { what: "one that ended, by its UID", named: { name: "orders-1", uid } },
  { what: "a name that no pod has, with --yes", named: { name: "ordres-0" }, options: { yes: true } },
  { what: "a pod that the person may not see", named: { name: "ordres-0" }, forbids: noPods },
])("the tokens of $what are revoked without a question", async (of) => {
  expect(await attempt(of)).toMatchObject({ asked: [], written: 1 });
});

test("a person is asked about a name that no pod has, before anything is written", async () => {
  const { asked, written, said } = await attempt({ named: { name: "ordres-0" }, reply: true });
  expect(asked).toEqual([{ question: expect.stringContaining("There is no pod shop/ordres-0 now."), written: 0 }]);
  expect(written).toBe(1);
  expect(said).toContain("pods of that name that have ended");
});

test.each<[string, boolean | undefined, RegExp]>([
  ["the person says no", false, /^UsageError: there is no pod shop\/ordres-0 now\. Nothing is revoked\.$/],
  ["nobody can answer", undefined, /^UsageError: .* Nothing is revoked\. .*--yes/],
])("when %s, nothing is written and the command was wrong usage", async (_, reply, message) => {
  const { said, written } = await attempt({ named: { name: "ordres-0" }, ...(reply === undefined ? {} : { reply }) });
  expect(said).toMatch(message);
  expect(written).toBe(0);
});

test("a person who may not see pods is told that the name was not checked", async () => {
  expect((await attempt({ named: { name: "ordres-0" }, forbids: noPods })).said).toContain("did not check");
});
