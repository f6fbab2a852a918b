/** Ctrl+C ends a wait, so that what was reached by then is still said; a second one ends the program. */
export function interruption(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const interrupted = new AbortController();
  const abort = (): void => interrupted.abort();
  process.once("SIGINT", abort);
  return { signal: interrupted.signal, forget: () => void process.removeListener("SIGINT", abort) };
}
