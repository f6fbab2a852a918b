import { SYSTEM } from "./helm.ts";
import { kubectl } from "./kubectl.ts";

/** How often the containers of the control plane were started again, those of all replicas together. */
export async function restartsOfProcesses(): Promise<number> {
  const counts = "jsonpath={.items[*].status.containerStatuses[0].restartCount}";
  const pods = ["get", "pods", `--namespace=${SYSTEM}`, "--selector=app.kubernetes.io/part-of=lanyard"];
  const text = await kubectl(...pods, `--output=${counts}`);
  return text.split(" ").reduce((sum, count) => sum + Number(count), 0);
}
