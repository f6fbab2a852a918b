import { runCommand } from "../../tools/run-command.ts";
import { pinned } from "./cores.ts";
import type { Algorithm } from "./issuer-world.ts";

/** How many signatures OpenSSL makes on this core per second of processor time, with nothing around them. */
export async function rawSigningRates(core: number, seconds: number): Promise<Record<Algorithm, number>> {
  const speed = ["openssl", "speed", "-mr", "-seconds", String(seconds), "rsa2048", "ecdsap256"] as const;
  const output = await runCommand(pinned(core, [...speed]));
  return { RS256: signaturesPerSecond(output, "F2", 2048), ES256: signaturesPerSecond(output, "F4", 256) };
}

/** The machine-readable form: `+TABLE:INDEX:BITS:SIGNATURES:VERIFICATIONS`. */
function signaturesPerSecond(output: string, table: string, bits: number): number {
  const rate = new RegExp(`^\\+${table}:\\d+:${bits}:([\\d.]+):`, "m").exec(output)?.[1];
  if (rate === undefined) throw new Error(`openssl speed said nothing of ${bits} bits: ${output}`);
  return Number(rate);
}
