import { defineConfig } from "vitest/config";

/** What needs a real API server, or Helm; the first run builds them. */
export default defineConfig({
  test: {
    include: ["test/{charts,cluster}/*.suite.ts"],
    globalSetup: "test/cluster/global-setup.ts",
    // Each file has an API server or namespaces of its own, and waits most of the time.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
  },
});
