import type { IncomingMessage } from "node:http";
import type { Clock } from "../kube/clock.ts";

/** An API server takes requests of 3 MiB, and an update is reviewed with the object as it was. */
export const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
/** As long as an API server waits for a webhook. */
export const BODY_TIMEOUT_MILLISECONDS = 5_000;

export type Body =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "refused"; readonly httpStatus: 408 | 413; readonly message: string };

const tooLarge: Body = {
  kind: "refused",
  httpStatus: 413,
  message: `The body is larger than ${BODY_LIMIT_BYTES} bytes: send a smaller object.`,
};
const tooSlow: Body = {
  kind: "refused",
  httpStatus: 408,
  message: "The body did not arrive in time: send the request again.",
};

/** Reads a body whole, unless it is larger than the limit or does not arrive in time. Rejects when the connection breaks. */
export function readBody(request: IncomingMessage, clock: Clock): Promise<Body> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (body: Body): void => {
      cancel();
      // Read on, into nothing: a client that is still sending would otherwise not get to see the reply.
      request.removeAllListeners("data").resume();
      resolve(body);
    };
    const cancel = clock.after(BODY_TIMEOUT_MILLISECONDS, () => finish(tooSlow));
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) finish(tooLarge);
      else chunks.push(chunk);
    });
    request.once("end", () => finish({ kind: "read", text: Buffer.concat(chunks).toString("utf8") }));
    request.once("error", (error) => {
      cancel();
      reject(error);
    });
  });
}
