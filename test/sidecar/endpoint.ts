import { createHandler, type Handler, type HandlerOptions, type RefusedRequest } from "../../sidecar/handler.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeIssuer } from "./fake-issuer.ts";

export const HEADER = "per-pod-random-value";
export const RESOURCE = "https://vault.azure.net";

export interface TestEndpoint {
  readonly handler: Handler;
  readonly issuer: FakeIssuer;
  readonly clock: FakeClock;
  readonly refused: RefusedRequest[];
  get(url: string, headers?: Record<string, string>): Promise<Reply>;
  send(method: string, url: string, headers?: Record<string, string>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** A token endpoint whose clock and issuer the test holds. */
export function testEndpoint(options: Partial<HandlerOptions> = {}): TestEndpoint {
  const clock = new FakeClock();
  const issuer = new FakeIssuer();
  const refused: RefusedRequest[] = [];
  const handler = createHandler({
    endpointHeader: HEADER,
    issuer,
    clock,
    random: () => 0.5,
    newTraceId: () => "00000000-0000-4000-8000-000000000000",
    onRefusal: (request) => refused.push(request),
    ...options,
  });
  const send = async (method: string, url: string, headers: Record<string, string> = {}) =>
    readReply(await handler.handle(new Request(`http://127.0.0.1:4280${url}`, { method, headers })));
  return { handler, issuer, clock, refused, send, get: (url, headers) => send("GET", url, headers) };
}

/** Reads a reply and insists that its body is a JSON object. */
export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const body: unknown = JSON.parse(text);
  if (typeof body !== "object" || body === null) throw new Error(`not a JSON object: ${text}`);
  return { status: response.status, headers: response.headers, text, body: { ...body } };
}

export const METADATA = { Metadata: "true" };
export const IDENTITY_HEADER = { "X-IDENTITY-HEADER": HEADER };

export function imds(query = `resource=${RESOURCE}`): string {
  return `/metadata/identity/oauth2/token?api-version=2018-02-01${query === "" ? "" : `&${query}`}`;
}

export function appService(query = `resource=${RESOURCE}`): string {
  return `/msi/token?api-version=2019-08-01${query === "" ? "" : `&${query}`}`;
}
