import type { PatchOperation } from "../../webhook/json-patch.ts";
import { parentOf } from "./json-pointer.ts";

/**
 * Takes away what a patch added, the last first. A member that the patch wrote over is missing afterwards, so that the
 * result differs from the document as it was. The one value that may be replaced must begin as it was written.
 */
export function revertPatch<T>(patched: T, patch: readonly PatchOperation[], original: T): T {
  const reverted: T = JSON.parse(JSON.stringify(patched));
  for (const operation of patch.toReversed()) revertOne(reverted, operation, original);
  return reverted;
}

function revertOne(document: unknown, { op, path, value }: PatchOperation, original: unknown): void {
  const parent = parentOf(document, path);
  if (parent.kind === "list") parent.list.splice(parent.step === "-" ? -1 : Number(parent.step), 1);
  else if (op === "add") delete parent.object[parent.step];
  else parent.object[parent.step] = asWritten(original, path, String(value));
}

function asWritten(original: unknown, path: string, extended: string): unknown {
  const parent = parentOf(original, path);
  const written = parent.kind === "object" ? parent.object[parent.step] : undefined;
  if (typeof written !== "string" || !extended.startsWith(written))
    throw new Error(`${path} is not as it was written.`);
  return written;
}
