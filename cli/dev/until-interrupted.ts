const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves at Ctrl-C, or when asked to end. A second signal ends the process as usual. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of signals) process.off(signal, end);
      resolve();
    };
    for (const signal of signals) process.once(signal, end);
  });
}
