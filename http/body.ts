import type { IncomingMessage } from "node:http";
import type { Clock } from "../kube/clock.ts";
import { normalAddress } from "../kube/source-address.ts";
import type { BodyBudget, BodyShare } from "./body-budget.ts";

export interface BodyLimits {
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface BodyReading {
  readonly clock: Clock;
  readonly limits: BodyLimits;
  /** Of the process: all its servers share it. */
  readonly budget: BodyBudget;
}

export type Body =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "too large" }
  | { readonly kind: "too slow" }
  /** In thousands of tiny chunks: answer with status 400. */
  | { readonly kind: "too fragmented" }
  /** The budget of the process is full: answer with status 503 and this wait. */
  | { readonly kind: "busy"; readonly retryAfterSeconds: number };

/**
 * Reads the body of a request and calls `use` with it. The body counts in the budget until what `use` returns settles.
 * A body that is refused is not read to its end: close the connection with the reply. Rejects if the connection breaks.
 */
export async function withBody<T>(
  request: IncomingMessage,
  { clock, limits, budget }: BodyReading,
  use: (body: Body) => T | Promise<T>,
): Promise<T> {
  if (Number(request.headers["content-length"] ?? 0) > limits.bytes) {
    request.resume();
    return use({ kind: "too large" });
  }
  const reader = new BodyReader(request, limits);
  const share = budget.open(normalAddress(request.socket.remoteAddress ?? ""), () => reader.finish(busy));
  const cancel = clock.after(limits.milliseconds, () => reader.finish({ kind: "too slow" }));
  try {
    const body = await reader.read(share).finally(cancel);
    return await use(body);
  } finally {
    share.release();
  }
}

const busy: Body = { kind: "busy", retryAfterSeconds: 1 };
const FIRST_BYTES = 4 * 1024;
/** A client that sends each byte as a chunk costs hundreds of times the memory and time of its bytes. */
const BYTES_PER_CHUNK = 256;
const LEAST_CHUNKS = 1_024;

/** Copies what arrives into one buffer: thousands of small chunks would each keep an object of their own. */
class BodyReader {
  readonly #request: IncomingMessage;
  readonly #limits: BodyLimits;
  readonly #done = Promise.withResolvers<Body>();
  #buffer = Buffer.allocUnsafeSlow(0);
  #size = 0;
  #chunks = 0;

  constructor(request: IncomingMessage, limits: BodyLimits) {
    this.#request = request;
    this.#limits = limits;
  }

  read(share: BodyShare): Promise<Body> {
    const request = this.#request;
    request.on("data", (chunk: Buffer) => this.#take(chunk, share));
    request.once("end", () => {
      share.complete();
      this.finish({ kind: "read", text: this.#buffer.toString("utf8", 0, this.#size) });
    });
    request.once("error", (error) => this.#done.reject(error));
    request.once("close", () => this.#done.reject(new Error("the connection ended before the body did")));
    return this.#done.promise;
  }

  finish(body: Body): void {
    this.#buffer = Buffer.allocUnsafeSlow(0);
    // Read on, into nothing: a client that is still sending would otherwise not get to see the reply.
    this.#request.removeAllListeners("data").resume();
    this.#done.resolve(body);
  }

  #take(chunk: Buffer, share: BodyShare): void {
    const size = this.#size + chunk.length;
    this.#chunks += 1;
    const refused = this.#refusal(size, chunk.length, share);
    if (refused !== undefined) {
      this.finish(refused);
      return;
    }
    if (size > this.#buffer.length) this.#grow(size);
    chunk.copy(this.#buffer, this.#size);
    this.#size = size;
  }

  #refusal(size: number, arrived: number, share: BodyShare): Body | undefined {
    if (size > this.#limits.bytes) return { kind: "too large" };
    if (this.#chunks > this.#mostChunks()) return { kind: "too fragmented" };
    return share.charge(arrived) ? undefined : busy;
  }

  #mostChunks(): number {
    return Math.max(LEAST_CHUNKS, this.#limits.bytes / BYTES_PER_CHUNK);
  }

  #grow(size: number): void {
    const length = Math.min(this.#limits.bytes, Math.max(FIRST_BYTES, size, 2 * this.#buffer.length));
    const larger = Buffer.allocUnsafeSlow(length);
    this.#buffer.copy(larger, 0, 0, this.#size);
    this.#buffer = larger;
  }
}
