import { RequestingApi } from "../../../cli/cluster/requesting-api.ts";
import { rememberKinds, type Session } from "../../../cli/cluster/session.ts";
import type { Kind } from "../../../kube/kind.ts";
import type { FakeClock } from "../../support/fake-clock.ts";
import type { World } from "../../support/world.ts";
import { type Forbids, limitedApi } from "./limited-api.ts";

export interface TestSession extends Session {
  readonly clock: FakeClock;
  /** What was said while it went. */
  readonly said: string[];
}

/** A person at namespace `shop`, who may do everything unless told otherwise. `kinds` are those of other APIs. */
export function testSession(
  { api, clock }: Pick<World, "api" | "clock">,
  forbids: Forbids = () => false,
  kinds: readonly Kind[] = [],
): TestSession {
  const said: string[] = [];
  return {
    api: new RequestingApi(limitedApi(api, forbids)),
    customKind: rememberKinds(async (named) => kinds.find((each) => each.kind === named.kind)),
    clock,
    namespace: "shop",
    program: "lanyard",
    columns: Number.POSITIVE_INFINITY,
    said,
    say: (line) => said.push(line),
    confirm: async () => undefined,
    signal: new AbortController().signal,
  };
}

/** Lets time pass until an answer is there. */
export async function answered<T>(answer: Promise<T>, clock: FakeClock): Promise<T> {
  let done = false;
  const settle = (): void => {
    done = true;
  };
  answer.then(settle, settle);
  while (!done) await clock.advance(500);
  return answer;
}
