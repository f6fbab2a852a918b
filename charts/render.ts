import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { findHelm } from "../tools/find-helm.ts";
import { runCommand } from "../tools/run-command.ts";

/**
 * Writes dist/lanyard.yaml: what `helm install` would make, for `kubectl apply`. Takes `--set` and `--values` as Helm does,
 * and `--chart` for a packed chart. It needs Helm, and builds one where there is none.
 */
const NAMESPACE = "lanyard-system";

/** Helm makes the namespace by a flag of its own; here it is the first object. */
const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

const many = { type: "string", multiple: true, default: [] as string[] } as const;
const { set, values, chart } = parseArgs({
  options: {
    ...{ set: many, values: many },
    chart: { type: "string", default: new URL("./lanyard", import.meta.url).pathname },
  },
}).values;
const settings = [...values.map((file) => `--values=${file}`), ...set.map((value) => `--set=${value}`)];
const rendered = await runCommand([
  await findHelm(),
  ...["template", "lanyard", chart, `--namespace=${NAMESPACE}`, "--no-hooks", ...settings],
]);
await mkdir(new URL("../dist/", import.meta.url), { recursive: true });
await writeFile(new URL("../dist/lanyard.yaml", import.meta.url), namespace + rendered);
