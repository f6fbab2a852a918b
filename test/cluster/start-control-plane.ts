import { mkdir } from "node:fs/promises";
import { step } from "../../tools/step.ts";
import type { Programs } from "./build.ts";
import { makeCertificates } from "./certificates.ts";
import { startComponent } from "./component.ts";
import { apiServer, controllerManager, etcd } from "./control-plane.ts";
import { writeKubeconfigs } from "./kubeconfigs.ts";
import { folders } from "./layout.ts";

/** An API server with what it needs to keep objects, and to delete those that others own. Needs no root; runs no pods. */
export async function startControlPlane(programs: Programs): Promise<void> {
  const plane = { programs: programs.folder, address: "127.0.0.1" };
  await step("Making certificates", async () => {
    await mkdir(folders.run, { recursive: true });
    await makeCertificates();
    await writeKubeconfigs(["admin", "kube-controller-manager"], plane.address);
  });
  await step("Starting etcd", () => startComponent(etcd(plane)));
  // The Service `kubernetes` cannot lead to a loopback address, and nobody here uses it.
  const server = apiServer(plane, ["--endpoint-reconciler-type=none"]);
  await step("Starting the API server", () => startComponent(server));
  await step("Starting the controller manager", () => startComponent(controllerManager(plane)));
}
