import type { ASTNode } from "@marcbachmann/cel-js";
import { LONGEST_AUDIENCE, LONGEST_LABEL, LONGEST_NAME, LONGEST_NAMESPACE } from "./condition-variables.ts";

const longest: Readonly<Record<string, number>> = {
  "request.audience": LONGEST_AUDIENCE,
  "pod.namespace": LONGEST_NAMESPACE,
  "pod.name": LONGEST_NAME,
  "pod.serviceAccount": LONGEST_NAME,
};

/** How long the text can be that an expression reads from the request; undefined when it reads none. */
export function factLength(node: ASTNode): number | undefined {
  if (node.op === "[]") return isLabelsOfPod(node.args[0]) ? LONGEST_LABEL : undefined;
  if (node.op !== ".") return undefined;
  const [owner, field] = node.args;
  if (isLabelsOfPod(owner)) return LONGEST_LABEL;
  const path = owner.op === "id" ? `${owner.args}.${field}` : "";
  return Object.hasOwn(longest, path) ? longest[path] : undefined;
}

/** `pod.labels`, which is not a value by itself: its size has no bound, while reading one label costs one step. */
export function isLabelsOfPod(node: ASTNode): boolean {
  return node.op === "." && node.args[0].op === "id" && node.args[0].args === "pod" && node.args[1] === "labels";
}
