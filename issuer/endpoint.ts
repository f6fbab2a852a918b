import type { Refusal } from "../identity/reasons.ts";

/** How a step ends an endpoint early. Nothing of the refusal's `detail` leaves the process. */
export class Refused {
  readonly refusal: Refusal;
  readonly retryAfterSeconds: number | undefined;

  constructor(refusal: Refusal, retryAfterSeconds?: number) {
    this.refusal = refusal;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A step takes what earlier steps found out, and adds what it found out itself, or refuses. */
export type Step<Context, Adds extends object> = (context: Context) => Adds | Refused | Promise<Adds | Refused>;

/** A list of named steps. The compiler refuses a step that needs what no step before it adds. */
export interface Endpoint<Start, Context> {
  /** Method and path, as in the documentation. */
  readonly name: string;
  readonly steps: readonly string[];
  step<Adds extends object>(name: string, step: Step<Context, Adds>): Endpoint<Start, Context & Adds>;
  run(start: Start): Promise<Context | Refused>;
}

/** An endpoint without steps: what it starts with is what it ends with. */
export function endpoint<Start extends object>(name: string): Endpoint<Start, Start> {
  return chain<Start, Start>({ name, steps: [] }, (start) => Promise.resolve(start));
}

function chain<Start extends object, Context extends object>(
  { name, steps }: Pick<Endpoint<Start, Context>, "name" | "steps">,
  run: (start: Start) => Promise<Context | Refused>,
): Endpoint<Start, Context> {
  return {
    name,
    steps,
    run,
    step: (added, step) => chain({ name, steps: [...steps, added] }, (start: Start) => extend(run(start), added, step)),
  };
}

/** A step that throws is a defect, or an API server that does not answer: the log says at which step. */
async function extend<Context extends object, Adds extends object>(
  soFar: Promise<Context | Refused>,
  name: string,
  step: Step<Context, Adds>,
): Promise<(Context & Adds) | Refused> {
  const context = await soFar;
  if (context instanceof Refused) return context;
  try {
    const adds = await step(context);
    return adds instanceof Refused ? adds : { ...context, ...adds };
  } catch (error) {
    throw new Error(`step "${name}" failed`, { cause: error });
  }
}
