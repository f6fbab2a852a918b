import type { Finding } from "../identity/findings.ts";
import type { EventRecorder } from "../kube/event-recorder.ts";
import type { Workload } from "./workload-identity/workload.ts";

/**
 * Warning Events on workloads. A workload has no status of ours that could say what it was told already, so this
 * remembers it: each thing is told once, and once more after a restart, when the first Event may have expired.
 */
export class Warnings {
  readonly #events: EventRecorder;
  readonly #action: string;
  readonly #told = new Map<string, string>();

  /** The action is what was tried: CamelCase, for programs. */
  constructor(events: EventRecorder, action: string) {
    this.#events = events;
    this.#action = action;
  }

  async tell(key: string, workload: Workload | undefined, warning: Finding | undefined): Promise<void> {
    if (workload === undefined || warning === undefined) {
      this.#told.delete(key);
      return;
    }
    const { name, namespace, uid } = workload.metadata;
    const what = `${uid} ${warning.sentence}`;
    if (this.#told.get(key) === what) return;
    this.#told.set(key, what);
    await this.#events.record(
      { apiVersion: workload.apiVersion, kind: workload.kind, namespace, name, uid },
      { type: "Warning", reason: warning.code, action: this.#action, note: warning.sentence },
    );
  }
}
