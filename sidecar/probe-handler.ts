import type { Waiting } from "./waiting.ts";

/** Liveness and readiness for the kubelet and for `wait`, on a port of their own that serves no token. */
export function createProbeHandler(waiting: () => Waiting | undefined): (request: Request) => Response {
  return (request) => {
    switch (new URL(request.url).pathname) {
      case "/livez":
        return reply(200, { status: "alive" });
      case "/readyz":
        return readiness(waiting());
      default:
        return reply(404, { status: "not found: ask for /livez or /readyz" });
    }
  };
}

function readiness(waiting: Waiting | undefined): Response {
  return waiting === undefined ? reply(200, { status: "ready" }) : reply(503, { status: "not ready", ...waiting });
}

function reply(code: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status: code,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
