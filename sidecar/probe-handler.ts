import type { Waiting } from "./waiting.ts";

/**
 * Liveness and readiness, on a port that serves no token. Other pods may reach it: it says a code, and not the sentence,
 * which names identities and roles.
 */
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
  if (waiting === undefined) return reply(200, { status: "ready" });
  return reply(503, { status: "not ready", code: waiting.code });
}

function reply(code: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status: code,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
