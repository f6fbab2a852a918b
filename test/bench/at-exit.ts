const steps = new Set<() => void>();

process.once("exit", () => {
  for (const step of steps) step();
});

/** Runs when the process ends, however it ends (short of SIGKILL), so that no process and no folder is left behind. */
export function atExit(step: () => void): void {
  steps.add(step);
}

/** A signal ends the process by way of its exit handlers, with the code that a shell would give. */
export function exitOnSignals(): void {
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}
