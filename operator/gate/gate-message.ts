import { z } from "zod";

/** The last line that a sidecar writes when its gate gave up: `sidecar/readiness.ts`. */
const notReadySchema = z.object({ message: z.literal("not ready"), sentence: z.string().min(1) });

/** Why a sidecar was not ready, by the end of its log, which the kubelet gives as the termination message. */
export function gateMessage(terminationMessage: string): string | undefined {
  const lastLine = terminationMessage.trimEnd().split("\n").at(-1) ?? "";
  return notReadySchema.safeParse(parseJson(lastLine)).data?.sentence;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
