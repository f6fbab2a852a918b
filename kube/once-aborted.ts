/** Calls when the signal aborts, at once if it has; settles as the call does. */
export function onceAborted(signal: AbortSignal, call: () => Promise<void>): Promise<void> {
  if (signal.aborted) return call();
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => void call().then(resolve, reject), { once: true });
  });
}
