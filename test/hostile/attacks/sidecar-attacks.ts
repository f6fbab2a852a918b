import type { Arena, Attack } from "../attack.ts";
import { generated, hostileForm, hostilePath } from "../generated.ts";
import { type Answered, send } from "../send.ts";

/** The application in the pod, tricked or hostile: it has the endpoint's header. */
function ask(
  { ports, endpointHeader }: Arena,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return send({ port: ports.sidecar, path, headers: { "x-identity-header": endpointHeader, ...headers } });
}

const token = (resource: string): string =>
  `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
const queries = generated(hostileForm);
const paths = generated(hostilePath);

export const sidecarAttacks: readonly Attack[] = [
  {
    ...{ row: "A-", title: "a new audience in every request", target: "sidecar", lanes: 20 },
    reaches: [400, 401, 403, 404, 429, 500],
    play: (arena, round) => ask(arena, token(`https://unknown-${round}.shop.svc/${"x".repeat(400)}`)),
  },
  {
    ...{ row: "parser", title: "queries", target: "sidecar", lanes: 20 },
    reaches: [400, 404],
    play: (arena, round) => ask(arena, `/msi/token?${queries(round).slice(0, 7000)}`),
  },
  {
    ...{ row: "parser", title: "paths", target: "sidecar", lanes: 20 },
    reaches: [404, 400],
    play: (arena, round) => ask(arena, paths(round), { metadata: "true" }),
  },
  {
    ...{ row: "B7", title: "requests of another host and origin", target: "sidecar", lanes: 20 },
    reaches: [400],
    play: (arena) =>
      ask(arena, token("https://inventory.inventory.svc"), { host: "evil.example", origin: "https://evil.example" }),
  },
];
