import { mkdir, writeFile } from "node:fs/promises";
import { findHelm } from "../tools/find-helm.ts";
import { runCommand } from "../tools/run-command.ts";

/** Writes dist/lanyard.yaml: what `helm install` would make, for `kubectl apply`. It needs Helm, and builds one where there is none. */
const NAMESPACE = "lanyard-system";

/** Helm makes the namespace by a flag of its own; here it is the first object. */
const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;

const chart = new URL("./lanyard", import.meta.url).pathname;
const rendered = await runCommand([
  await findHelm(),
  ...["template", "lanyard", chart, `--namespace=${NAMESPACE}`, "--no-hooks"],
]);
await mkdir(new URL("../dist/", import.meta.url), { recursive: true });
await writeFile(new URL("../dist/lanyard.yaml", import.meta.url), namespace + rendered);
