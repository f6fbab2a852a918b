import { askOwnProcess, type StatusQuery } from "./own-status.ts";

export interface WaitOptions extends StatusQuery {
  readonly limitSeconds: number;
}

export type WaitOutcome =
  | { readonly kind: "done" }
  /** `reason` is what the endpoint said last. */
  | { readonly kind: "gave up"; readonly reason: string };

/** The container starts and its hook run at the same time, so that the first attempts come before anybody listens. */
const FIRST_PAUSE_MILLISECONDS = 10;
const LONGEST_PAUSE_MILLISECONDS = 250;

/** Whether the pod may have tokens, or only whether the process answers. */
export type Awaited = "ready" | "alive";

/**
 * Waits for the process that serves. As the gate that a postStart hook or a startup probe holds, it waits briefly, because
 * the kubelet neither deletes a pod nor shows its logs while a hook runs.
 */
export async function waitUntil(awaited: Awaited, options: WaitOptions): Promise<WaitOutcome> {
  const { clock, limitSeconds } = options;
  const deadline = clock.now() + limitSeconds * 1000;
  for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
    const status = await askOwnProcess(options);
    if (status.kind === "ready" || (awaited === "alive" && status.kind === "waiting")) return { kind: "done" };
    if (clock.now() + pause > deadline) return { kind: "gave up", reason: status.reason };
    await new Promise<void>((resolve) => clock.after(pause, resolve));
  }
}
