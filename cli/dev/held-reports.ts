import type { DevEvent } from "./events.ts";
import type { Report } from "./reports.ts";

export interface HeldReports {
  readonly report: Report;
  /** Holds reports back while the task runs, so that what follows from a change is told after the change. */
  during<T>(task: () => Promise<T>): Promise<T>;
}

export function holdReports(report: Report): HeldReports {
  let held: DevEvent[] | undefined;
  return {
    report: (event) => (held === undefined ? report(event) : held.push(event)),
    async during(task) {
      const waiting: DevEvent[] = [];
      held = waiting;
      try {
        return await task();
      } finally {
        held = undefined;
        waiting.forEach(report);
      }
    },
  };
}
