import { defineConfig } from "vitest/config";

/** The files of a folder, after those of the folders before it. */
const folder = (name: string, groupOrder: number, maxWorkers: number) => ({
  test: {
    name,
    include: [`test/e2e/${name}/*.e2e.ts`],
    fileParallelism: maxWorkers > 1,
    maxWorkers,
    sequence: { groupOrder },
    testTimeout: 90_000,
    hookTimeout: 120_000,
    expect: { poll: { interval: 250, timeout: 60_000 } },
  },
});

/** The whole product on a real Kubernetes: installs it, runs everything, and takes it away again. */
export default defineConfig({
  test: {
    globalSetup: ["test/e2e/global-setup.ts"],
    // Mostly waiting, each file in namespaces of its own; then what stops or replaces a part that all need.
    projects: [folder("together", 1, 3), folder("platforms", 2, 3), folder("alone", 3, 1), folder("afterwards", 4, 1)],
  },
});
