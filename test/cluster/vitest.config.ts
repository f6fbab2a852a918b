import { defineConfig } from "vitest/config";

/** What needs a real API server; the first run builds one. */
export default defineConfig({
  test: {
    include: ["test/cluster/*.suite.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
