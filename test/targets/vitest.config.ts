import { defineConfig } from "vitest/config";

/** The programs must be there first: node test/targets/install.ts. */
export default defineConfig({
  test: {
    include: ["test/targets/**/*.test.ts"],
    // Mostly waiting for other processes, so two files at once whatever the number of cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
