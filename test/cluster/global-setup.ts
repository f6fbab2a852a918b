import { findHelm } from "../../tools/find-helm.ts";
import { openTestCluster } from "./test-cluster.ts";

/** What the suites share is built and started before the first of them: minutes on a fresh machine, and once for all. */
export default async function setUp(): Promise<void> {
  await openTestCluster();
  await findHelm();
}
