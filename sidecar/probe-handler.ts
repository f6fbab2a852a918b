/** Liveness and readiness for the kubelet, on a port of their own that serves no token. */
export function createProbeHandler(isReady: () => boolean): (request: Request) => Response {
  return (request) => {
    switch (new URL(request.url).pathname) {
      case "/livez":
        return status(200, "alive");
      case "/readyz":
        return isReady() ? status(200, "ready") : status(503, "the issuer has not answered yet");
      default:
        return status(404, "not found: ask for /livez or /readyz");
    }
  };
}

function status(code: number, text: string): Response {
  return new Response(JSON.stringify({ status: text }), {
    status: code,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
