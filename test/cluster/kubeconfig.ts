/** `node test/cluster/kubeconfig.ts`: prints where the kubeconfig of the running test cluster lies. */
import { existsSync } from "node:fs";
import { adminKubeconfig } from "./layout.ts";

if (existsSync(adminKubeconfig)) {
  process.stdout.write(`${adminKubeconfig}\n`);
} else {
  process.stderr.write("No cluster is up: start one with: make cluster-up\n");
  process.exitCode = 1;
}
