import { defineConfig } from "vitest/config";

/** The SDKs of other languages must be installed first: npm run conformance:install. */
export default defineConfig({
  test: {
    include: ["test/conformance/**/*.test.ts"],
    // Mostly waiting for other processes, so both files at once whatever the number of cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
