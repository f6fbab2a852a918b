import { loadavg } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { AccessQuestion } from "../../identity/access.ts";
import type { AccessIndex } from "../../identity/access-index.ts";
import { now } from "../identity/builders.ts";
import { accessWorld, type Shape } from "./access-world.ts";
import { type Row, row, type Section } from "./report.ts";
import type { Extent } from "./settings.ts";
import { accessTargets } from "./targets.ts";

const facts = { now };
const ONE_PRINCIPAL: readonly Shape[] = [300, 3000, 30_000].map((assignments) => ({ assignments, principals: 1 }));
const MANY_PRINCIPALS: Shape = { assignments: 3000, principals: 1000 };

type Ask = (question: AccessQuestion) => unknown;

/** The access index alone, in this process: what a decision takes, and how many bytes it allocates. */
export function benchAccess({ decisions }: Pick<Extent, "decisions">): Section {
  return {
    heading: "Access: may this principal do this action at this scope, with 200 role definitions",
    floor: "one Map look-up",
    rows: [MANY_PRINCIPALS, ...ONE_PRINCIPAL].flatMap((shape) => rowsOf(shape, decisions)),
    notes: [
      "One Map look-up: the answer from a Map with all questions as keys, made of principal, scope and action.",
      "Each decision is timed alone; with the time that reading the clock takes, as for the look-up.",
      `Load average when it ended: ${loadavg()[0]?.toFixed(1)}.`,
    ],
  };
}

function rowsOf(shape: Shape, decisions: number): Row[] {
  const { index, granted, denied } = accessWorld(shape);
  const held = shape.principals === 1 ? "held by one" : `of ${shape.principals.toLocaleString("en-US")} principals`;
  const where = `${shape.assignments.toLocaleString("en-US")} assignments ${held}`;
  return [
    ...rowsOfKind(`${where}, allowed`, index, granted, decisions),
    ...rowsOfKind("… denied, with the nearest miss", index, denied, decisions),
  ];
}

function rowsOfKind(name: string, index: AccessIndex, questions: readonly AccessQuestion[], decisions: number): Row[] {
  const ours: Ask = (question) => index.decide(question, facts);
  const floor = mapLookUp(index, questions);
  timed(ours, questions, decisions);
  const [figures, least] = [timed(ours, questions, decisions), timed(floor, questions, decisions)];
  return [
    row(`${name}, p50`, "µs", { ours: figures.p50, floor: least.p50, target: accessTargets.p50 }),
    row("… p99", "µs", { ours: figures.p99, floor: least.p99 }),
    row("… allocated", "B", { ours: allocated(ours, questions, decisions) }),
  ];
}

function mapLookUp(index: AccessIndex, questions: readonly AccessQuestion[]): Ask {
  const key = ({ principal, scope, action }: AccessQuestion): string => `${principal} ${scope} ${action}`;
  const answers = new Map(questions.map((question) => [key(question), index.decide(question, facts).kind]));
  return (question) => answers.get(key(question));
}

function timed(ask: Ask, questions: readonly AccessQuestion[], decisions: number) {
  const nanoseconds = new Float64Array(decisions);
  for (const [at, question] of repeated(questions, decisions)) {
    const start = process.hrtime.bigint();
    ask(question);
    nanoseconds[at] = Number(process.hrtime.bigint() - start);
  }
  const sorted = nanoseconds.sort();
  const quantile = (share: number): number => (sorted[Math.floor(decisions * share)] ?? Number.NaN) / 1000;
  return { p50: quantile(0.5), p99: quantile(0.99) };
}

/** The mean, without what the walk over the questions allocates itself. */
function allocated(ask: Ask, questions: readonly AccessQuestion[], decisions: number): number {
  const bytes = (each: Ask): number => {
    const before = getHeapStatistics().total_allocated_bytes;
    for (const [, question] of repeated(questions, decisions)) each(question);
    return getHeapStatistics().total_allocated_bytes - before;
  };
  return (bytes(ask) - bytes(() => undefined)) / decisions;
}

function* repeated(questions: readonly AccessQuestion[], times: number): Generator<[number, AccessQuestion]> {
  for (let at = 0; at < times; at += 1) {
    const question = questions[at % questions.length];
    if (question !== undefined) yield [at, question];
  }
}
