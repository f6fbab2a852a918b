import type { IncomingMessage } from "node:http";
import { type Refusal, refusals } from "../identity/reasons.ts";
import type { Clock } from "../kube/clock.ts";

const BODY_LIMIT_BYTES = 64 * 1024;
export const BODY_TIMEOUT_MILLISECONDS = 10_000;

export type Body =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Reads a body whole, unless it is larger than the limit (then the rest is not read) or does not arrive in time. */
export function readBody(request: IncomingMessage, clock: Clock): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > BODY_LIMIT_BYTES) {
    request.resume();
    return Promise.resolve(tooLarge());
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body): void => {
      cancel();
      // Read on, into nothing: a client that is still sending would otherwise not get to see the reply.
      request.removeAllListeners("data").resume();
      resolve(body);
    };
    const cancel = clock.after(BODY_TIMEOUT_MILLISECONDS, () => finish(refused(refusals.BodyTooSlow())));
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) finish(tooLarge());
      else chunks.push(chunk);
    });
    request.once("end", () => finish({ kind: "read", text: Buffer.concat(chunks).toString("utf8") }));
    request.once("error", (error) => {
      cancel();
      reject(error);
    });
  });
}

const refused = (refusal: Refusal): Body => ({ kind: "refused", refusal });
const tooLarge = (): Body => refused(refusals.BodyTooLarge(BODY_LIMIT_BYTES));
