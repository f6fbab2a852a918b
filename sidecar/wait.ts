import type { Clock } from "./clock.ts";
import { parseFields } from "./raw-reply.ts";
import { readBounded } from "./read-bounded.ts";

export interface WaitOptions {
  /** Of `/readyz`. */
  readonly url: string;
  readonly limitSeconds: number;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

export type WaitOutcome =
  | { readonly kind: "ready" }
  /** `reason` is what the endpoint said last. */
  | { readonly kind: "gave up"; readonly reason: string };

/** The container starts and its hook run at the same time, so that the first attempts come before anybody listens. */
const FIRST_PAUSE_MILLISECONDS = 10;
const LONGEST_PAUSE_MILLISECONDS = 250;
const ATTEMPT_SECONDS = 2;
const LONGEST_REPLY_BYTES = 16 * 1024;

/** Waits until the sidecar says that it is ready: the gate that a container's postStart hook holds. */
export async function waitUntilReady(options: WaitOptions): Promise<WaitOutcome> {
  const { clock, limitSeconds } = options;
  const deadline = clock.now() + limitSeconds * 1000;
  for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
    const reason = await reasonToWait(options);
    if (reason === undefined) return { kind: "ready" };
    if (clock.now() + pause > deadline) return { kind: "gave up", reason };
    await new Promise<void>((resolve) => clock.after(pause, resolve));
  }
}

async function reasonToWait({ url, clock, fetch }: WaitOptions): Promise<string | undefined> {
  const abort = new AbortController();
  const cancel = clock.after(ATTEMPT_SECONDS * 1000, () => abort.abort());
  try {
    const response = await fetch(url, { signal: abort.signal });
    const text = await readBounded(response, LONGEST_REPLY_BYTES);
    return response.status === 200 ? undefined : saidIn(text ?? "", response.status);
  } catch {
    return `nothing answers at ${url}`;
  } finally {
    cancel();
  }
}

function saidIn(text: string, status: number): string {
  const { code, sentence } = parseFields(text) ?? {};
  return typeof code === "string" && typeof sentence === "string" ? `${code}: ${sentence}` : `it answers ${status}`;
}
