import type { IncomingMessage } from "node:http";
import type { Clock } from "./clock.ts";

export interface BodyLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

export type Body =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "too large" }
  | { readonly kind: "too slow" };

/**
 * Reads the body of a request to a server of ours whole, unless it is larger than the limit (then the rest is not read)
 * or does not arrive in time. Rejects when the connection breaks.
 */
export function readBody(request: IncomingMessage, clock: Clock, limits: BodyLimits): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > limits.bytes) {
    request.resume();
    return Promise.resolve({ kind: "too large" });
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
    const cancel = clock.after(limits.milliseconds, () => finish({ kind: "too slow" }));
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bytes) finish({ kind: "too large" });
      else chunks.push(chunk);
    });
    request.once("end", () => finish({ kind: "read", text: Buffer.concat(chunks).toString("utf8") }));
    request.once("error", (error) => {
      cancel();
      reject(error);
    });
  });
}
