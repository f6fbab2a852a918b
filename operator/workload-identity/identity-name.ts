import { createHash } from "node:crypto";
import type { Workload } from "./workload.ts";

const LONGEST_NAME = 253;
const HASH_DIGITS = 10;

/** `deployment-web-0a1b2c3d4e`: readable, and another one for each UID, so that a workload made again gets another identity. */
export function identityName({ kind, metadata }: Workload): string {
  const hash = createHash("sha256").update(metadata.uid).digest("hex").slice(0, HASH_DIGITS);
  const readable = `${kind.toLowerCase()}-${metadata.name}`.slice(0, LONGEST_NAME - HASH_DIGITS - 1);
  // Cut in the middle, a name may end in a separator, which a DNS name must not have before the hyphen.
  return `${readable.replace(/[.-]+$/, "")}-${hash}`;
}
