import type { Arena, Attack } from "../attack.ts";
import { generated, hostileForm, hostileJson, hostilePath, hostileToken } from "../generated.ts";
import { issuerHost } from "../plane.ts";
import { type Answered, type Asked, send } from "../send.ts";
import { lanyard, vaultAudience, vaultName } from "../world.ts";
import { createMany } from "./create-many.ts";
import { exchangeBody } from "./issuer-attacks.ts";

const API = "api-version=7.5";
const host = `${vaultName.name}.${vaultName.namespace}.svc`;

type Request = Pick<Asked, "path" | "method" | "body"> & { readonly token: string; readonly round: number };

export function askVault(
  { ports, ca, world }: Arena,
  { path, method, body, token, round }: Request,
): Promise<Answered> {
  const from = world.attackers[round % world.attackers.length]?.address ?? "127.0.1.1";
  const headers = { host, authorization: `Bearer ${token}`, "content-type": "application/json" };
  const message = { ...(method === undefined ? {} : { method }), ...(body === undefined ? {} : { body }) };
  return send({ port: ports.vault, path, headers, from, tls: { ca, servername: host }, ...message });
}

let kept: Promise<string> | undefined;
/** An access token for the vault, for the attacker's own identity. */
function accessToken({ ports, ca, world }: Arena): Promise<string> {
  const [pod] = world.attackers;
  kept ??= send({
    ...{ port: ports.issuer, path: "/oauth2/token", method: "POST", from: pod?.address ?? "127.0.1.1" },
    ...{ tls: { ca, servername: issuerHost }, headers: { "content-type": "application/x-www-form-urlencoded" } },
    body: exchangeBody(pod?.token ?? "", vaultAudience),
  }).then(({ status, body }) => {
    if (status !== 200) throw new Error(`The attacker got no token for the vault: ${body}`);
    return String(JSON.parse(body).access_token);
  });
  return kept;
}

const tags = Object.fromEntries(Array.from({ length: 15 }, (_, number) => [`tag-${number}`, "x".repeat(256)]));
const withTags = JSON.stringify({ value: "x", tags });
const vault = (number: number): object => {
  const name = `${"v".repeat(55)}-${number}`;
  return lanyard("ProtectedResource", name, { audiences: [`https://${name}.evil.svc`], vault: {} }, "evil");
};

const tokens = generated(hostileToken);
const documents = generated(hostileJson);
const paths = generated(hostilePath);
const queries = generated(hostileForm);
let made = 0;

export const vaultAttacks: readonly Attack[] = [
  {
    ...{ row: "A7", title: "invalid bearer tokens from five pods", target: "vault", lanes: 50 },
    reaches: [401, 429],
    play: (arena, round) => askVault(arena, { path: `/secrets/orders?${API}`, token: tokens(round), round }),
  },
  {
    ...{ row: "A8", title: "versions with full tags without number", target: "vault", lanes: 8, leavesTraces: true },
    reaches: [200, 403, 429],
    async play(arena) {
      const token = await accessToken(arena);
      const round = 0;
      return askVault(arena, { path: `/secrets/mine?${API}`, method: "PUT", body: withTags, token, round });
    },
  },
  {
    ...{ row: "A9", title: "500 vaults with long names", target: "vault", lanes: 1, leavesTraces: true },
    reaches: [401],
    prepare: (arena) => createMany(arena, 500, vault),
    play: (arena, round) => askVault(arena, { path: `/secrets?${API}`, token: "none", round }),
  },
  {
    ...{ row: "parser", title: "bodies", target: "vault", lanes: 10 },
    reaches: [400, 413, 429],
    async play(arena) {
      const token = await accessToken(arena);
      const round = 0;
      const body = documents(made++);
      return askVault(arena, { path: `/secrets/mine?${API}`, method: "PUT", body, token, round });
    },
  },
  {
    ...{ row: "parser", title: "paths and queries", target: "vault", lanes: 20 },
    reaches: [404, 400, 429],
    play: (arena, round) =>
      askVault(arena, { path: `${paths(round)}?${queries(round).slice(0, 4000)}`, token: tokens(round), round }),
  },
];
