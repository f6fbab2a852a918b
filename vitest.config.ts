import { defineConfig } from "vitest/config";

/** The tests of every folder. Those that need more than npm installs have runs of their own (see Makefile). */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/conformance/**", "test/targets/**", "test/bench/**", "node_modules/**"],
    testTimeout: 30_000,
    // By default one core is left idle, which on two is half the machine.
    maxWorkers: "100%",
    reporters: ["default"],
  },
});
