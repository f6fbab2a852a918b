import type { Duplex } from "node:stream";

/** Why a server answers before a listener sees a request. */
export interface ClientProblem {
  readonly status: 400 | 408 | 431;
  readonly sentence: string;
}

/** Formats a problem in the protocol of the server: a JSON document. */
export type ErrorBody = (problem: ClientProblem) => string;

const problems: Readonly<Record<string, readonly [line: string, problem: ClientProblem]>> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    { status: 431, sentence: "The headers of the request are too large: send fewer or shorter headers." },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    "408 Request Timeout",
    { status: 408, sentence: "The request did not arrive in time: send it again." },
  ],
};

const malformed: readonly [line: string, problem: ClientProblem] = [
  "400 Bad Request",
  { status: 400, sentence: "The request is not valid HTTP: send a well-formed one." },
];

/** For the server's `clientError` event. https://nodejs.org/api/http.html#event-clienterror */
export function answerClientError(errorBody: ErrorBody) {
  return (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const [line, problem] = problems[error.code ?? ""] ?? malformed;
    const body = errorBody(problem);
    const head = `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\nconnection: close`;
    socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
}
