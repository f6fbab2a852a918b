import { describe, inject } from "vitest";

/** Reported as skipped where no cluster runs pods. */
export const describeOnCluster = describe.skipIf(inject("cluster") === undefined);
