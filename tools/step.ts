export type Step = <Result>(what: string, run: () => Promise<Result>) => Promise<Result>;

/** Says what happens and how long it took. */
export const step: Step = async (what, run) => {
  process.stdout.write(`▸ ${what}\n`);
  const start = performance.now();
  const result = await run();
  process.stdout.write(`  done in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
};
