import { ISSUER_AUDIENCE } from "../../../identity/names.ts";
import type { Arena, Attack } from "../attack.ts";
import { generated, hostileForm, hostileJson, hostilePath, hostileToken } from "../generated.ts";
import { holdIdleConnections } from "../idle-connections.ts";
import { issuerHost } from "../plane.ts";
import { type Answered, send } from "../send.ts";
import { apply, attackedAudience, lanyard, type Pod } from "../world.ts";
import { createMany } from "./create-many.ts";

const form = "application/x-www-form-urlencoded";

interface Request {
  readonly path: string;
  readonly body?: string;
  /** Undefined: the token of the attacker's pod. */
  readonly token?: string;
  /** Chooses the pod that asks. */
  readonly round?: number;
}

/** Asks the issuer as one of the attacker's pods, or with a bearer token that it made up. */
function ask(arena: Arena, { path, body, token, round = 0 }: Request): Promise<Answered> {
  const pod = attacker(arena, round);
  const type = path.startsWith("/access") ? "application/json" : form;
  return send({
    ...{ port: arena.ports.issuer, path, tls: { ca: arena.ca, servername: issuerHost }, from: pod.address },
    ...(body === undefined ? {} : { method: "POST", body }),
    headers: { authorization: `Bearer ${token ?? pod.token}`, "content-type": type },
  });
}

function attacker({ world }: Arena, round: number): Pod {
  const pod = world.attackers[round % world.attackers.length];
  if (pod === undefined) throw new Error("The world has no attackers.");
  return pod;
}

/** The body of a token exchange (RFC 8693). */
export function exchangeBody(token: string, audience: string): string {
  return new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    subject_token: token,
    audience,
  }).toString();
}

const zones = [
  "Europe/Berlin",
  "Asia/Tokyo",
  "America/Lima",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Europe/Oslo",
  "Asia/Seoul",
];
const timeZoneCondition = zones.map((zone) => `time.getHours("${zone}")==77`).join("||");

const writeConditions = ({ cluster }: Arena): Promise<unknown> =>
  apply(
    cluster,
    Array.from({ length: 20 }, (_, number) => {
      const principal = { managedIdentity: "mine", namespace: "evil" };
      const spec = { principal, roleDefinition: "reader", resource: "api", condition: timeZoneCondition };
      return lanyard("RoleAssignment", `conditional-${number}`, spec, "evil");
    }),
  );

const evaluation = {
  subject: { type: "managed_identity", id: "/namespaces/evil/managedIdentities/mine" },
  action: { name: "stock/write" },
  resource: { type: "protected_resource", id: attackedAudience },
};
const batch = JSON.stringify({ evaluations: Array.from({ length: 100 }, () => evaluation) });

const longAudience = (resource: number, number: number): string =>
  `https://a.evil.svc/${"xyz".repeat(150)}${resource}-${number}`;
const writeLongAudiences = ({ cluster }: Arena): Promise<unknown> =>
  apply(
    cluster,
    Array.from({ length: 16 }, (_, resource) => {
      const audiences = Array.from({ length: 32 }, (_unused, number) => longAudience(resource, number));
      return lanyard("ProtectedResource", `long-${resource}`, { audiences }, "evil");
    }),
  );

const annotated = (number: number): object => ({
  ...{ apiVersion: "v1", kind: "ServiceAccount" },
  metadata: { name: `annotated-${number}`, namespace: "evil", annotations: { note: "x".repeat(250_000) } },
});
const subjects = Array.from({ length: 1000 }, (_, number) => ({
  serviceAccount: `${"s".repeat(50)}-${number}`,
  namespace: `${"n".repeat(50)}-${number}`,
}));
const shared = (number: number): object => lanyard("ManagedIdentity", `shared-${number}`, { subjects }, "evil");
const revocation = (number: number): object =>
  lanyard(
    "TokenRevocation",
    `revocation-${number}`,
    { tokenId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` },
    "evil",
  );

const tokens = generated(hostileToken);
const forms = generated(hostileForm);
const documents = generated(hostileJson);
const paths = generated(hostilePath);

export const issuerAttacks: readonly Attack[] = [
  {
    ...{ row: "A3", title: "batches of 100 decisions over 20 time-zone conditions", target: "issuer", lanes: 20 },
    reaches: [200, 429],
    prepare: writeConditions,
    play: (arena) => ask(arena, { path: "/access/v1/evaluations", body: batch }),
  },
  {
    ...{ row: "A3", title: "the same from every pod of the tenant", target: "issuer", lanes: 40 },
    reaches: [200, 429],
    play: (arena, round) => ask(arena, { path: "/access/v1/evaluations", body: batch, round }),
  },
  {
    ...{ row: "A4", title: "tokens for near misses of 512 long audiences", target: "issuer", lanes: 8 },
    reaches: [400, 403, 404, 429],
    prepare: writeLongAudiences,
    play: (arena, round) => {
      const pod = attacker(arena, round);
      return ask(arena, { path: "/oauth2/token", body: exchangeBody(pod.token, `${longAudience(3, 7)}x`), round });
    },
  },
  {
    ...{ row: "A5", title: "700 ServiceAccounts with 250 KB of annotations", target: "issuer", lanes: 1 },
    reaches: [200],
    prepare: (arena) => createMany(arena, 700, annotated),
    play: (arena, round) => ask(arena, { path: "/keys", round }),
    leavesTraces: true,
  },
  {
    ...{ row: "A5", title: "200 identities with 1,000 subjects", target: "issuer", lanes: 1 },
    reaches: [200],
    prepare: (arena) => createMany(arena, 200, shared),
    play: (arena, round) => ask(arena, { path: "/keys", round }),
    leavesTraces: true,
  },
  {
    ...{ row: "A6", title: "3,000 idle TLS connections and 1,000 without a ClientHello", target: "issuer", lanes: 1 },
    play: (arena) => holdIdleConnections({ port: arena.ports.issuer, tls: 3000, tcp: 1000 }),
  },
  {
    ...{ row: "A10", title: "refusals without authentication", target: "issuer", lanes: 30 },
    reaches: [401, 429],
    play: (arena, round) => ask(arena, { path: "/introspect", body: `token=${tokens(round)}`, token: "none", round }),
  },
  {
    ...{ row: "A10", title: "2,000 TokenRevocations", target: "issuer", lanes: 8 },
    reaches: [200],
    prepare: (arena) => createMany(arena, 2000, revocation),
    play: (arena, round) =>
      ask(arena, { path: "/oauth2/token", body: exchangeBody(attacker(arena, round).token, attackedAudience) }),
    leavesTraces: true,
  },
  {
    ...{ row: "parser", title: "token requests: forms", target: "issuer", lanes: 20 },
    reaches: [400, 429],
    play: (arena, round) => ask(arena, { path: "/oauth2/token", body: forms(round), round }),
  },
  {
    ...{ row: "parser", title: "token requests: subject tokens", target: "issuer", lanes: 20 },
    reaches: [401, 429, 400],
    play: (arena, round) =>
      ask(arena, { path: "/oauth2/token", body: exchangeBody(tokens(round), ISSUER_AUDIENCE), round }),
  },
  {
    ...{ row: "parser", title: "decisions: JSON", target: "issuer", lanes: 20 },
    reaches: [400, 429],
    play: (arena, round) =>
      ask(arena, { path: "/access/v1/evaluations", body: documents(round).slice(0, 64_000), round }),
  },
  {
    ...{ row: "parser", title: "introspection: tokens", target: "issuer", lanes: 20 },
    reaches: [200, 429],
    play: (arena, round) => ask(arena, { path: "/introspect", body: `token=${tokens(round)}`, round }),
  },
  {
    ...{ row: "parser", title: "paths and status lists", target: "issuer", lanes: 20 },
    reaches: [404, 429],
    play: (arena, round) => ask(arena, { path: paths(round), token: tokens(round), round }),
  },
];
