import { basename } from "node:path";

/** How this program was started, and where its exit code goes. */
export interface Invocation {
  /** What a person types in front of a command; every help text and hint says it so. */
  readonly name: "lanyard" | "kubectl lanyard";
  readonly version: string;
  /** Receives the exit code: 0 fine, 1 found a problem, 2 wrong use, or that of a program it ran. */
  readonly finish: (code: number) => void;
}

/** kubectl runs a plugin by the name of its file. https://kubernetes.io/docs/tasks/extend-kubectl/kubectl-plugins/ */
export function invokedName(file: string | undefined): Invocation["name"] {
  return file !== undefined && basename(file).startsWith("kubectl-lanyard") ? "kubectl lanyard" : "lanyard";
}
