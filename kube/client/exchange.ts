import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";

/**
 * Sends a request, and resolves with the head of the reply. Where the server had closed a kept connection just as it was
 * used again, the request did not reach it most likely; it is sent once more, unless it creates something.
 * https://nodejs.org/api/http.html#requestreusedsocket
 */
export async function exchange(options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  try {
    return await send(options, body);
  } catch (error) {
    if (error instanceof LostConnection && options.method !== "POST") return send(options, body);
    throw error;
  }
}

class LostConnection extends Error {}

function send(options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = options.protocol === "http:" ? httpRequest(options, resolve) : httpsRequest(options, resolve);
  sent.on("error", (error) => {
    const isLost = sent.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");
    reject(isLost ? new LostConnection(error.message, { cause: error }) : error);
  });
  sent.end(body);
  return promise;
}
