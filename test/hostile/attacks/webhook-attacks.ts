import { API_VERSION } from "../../../identity/names.ts";
import { attacks as reviewAttacks } from "../../webhook/attacks.ts";
import { review } from "../../webhook/reviews.ts";
import type { Arena, Attack } from "../attack.ts";
import { generated, hostileJson } from "../generated.ts";
import { type Answered, send } from "../send.ts";

/** Anyone who reaches the port may send a review: it names no caller. */
function post({ ports, ca }: Arena, path: string, body: string): Promise<Answered> {
  const tls = { ca, servername: "lanyard-webhook.lanyard-system.svc" };
  const headers = { "content-type": "application/json" };
  return send({ port: ports.webhook, path, method: "POST", headers, tls, body, from: "127.0.1.1" });
}

/** Input of fixed text, made when it is first sent. */
function fixed(make: () => object): () => string {
  let text: string | undefined;
  return () => {
    text ??= JSON.stringify(make());
    return text;
  };
}

const identityKind = { group: "lanyard.dev", version: "v1alpha1", kind: "ManagedIdentity" };
const identity = (spec: object): object =>
  review({
    kind: identityKind,
    object: { apiVersion: API_VERSION, kind: "ManagedIdentity", metadata: { name: "x", namespace: "shop" }, spec },
  });
const numbered = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, number) => `${prefix}${number}`);
const record = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, 0]));

const manyFields = fixed(() => identity(record(numbered(400_000, "field"))));
const podWith = (annotations: object, containers: readonly object[]): object =>
  review({
    object: {
      ...{ apiVersion: "v1", kind: "Pod" },
      metadata: { name: "p", labels: { "lanyard.dev/inject": "true" }, annotations },
      spec: { containers },
    },
  });
const containers = (count: number): object[] => numbered(count, "c").map((name) => ({ name }));
const skipping = (count: number) =>
  fixed(() => podWith({ "lanyard.dev/skip-containers": numbered(count, "x").join(",") }, containers(count)));
const skipMany = skipping(90_000);
const annotated = fixed(() => podWith(record(numbered(150_000, "lanyard.dev/a")), containers(1)));
const condition = fixed(() =>
  review({
    kind: { ...identityKind, kind: "RoleAssignment" },
    object: {
      ...{ apiVersion: API_VERSION, kind: "RoleAssignment", metadata: { name: "x", namespace: "shop" } },
      spec: {
        ...{ principal: { managedIdentity: "x" }, roleDefinition: "reader" },
        condition: `${"(".repeat(5000)}true${")".repeat(5000)}`,
      },
    },
  }),
);
const documents = generated(hostileJson);

const attack = (row: string, title: string, path: string, body: (round: number) => string): Attack => ({
  ...{ row, title, target: "webhook", lanes: 4 },
  reaches: [200, 413, 429, 400],
  play: (arena, round) => post(arena, path, body(round)),
});

/** Reviews that are just small enough to be decided. */
const atTheLimits = reviewAttacks
  .filter(({ refused }) => refused !== 413)
  .map(({ name, path, body }) => attack("A1, A2", name, path, () => body));

export const webhookAttacks: readonly Attack[] = [
  attack("A1", "400,000 unknown fields", "/validate", manyFields),
  attack("A1", "a condition 5,000 levels deep", "/validate", condition),
  attack("A2", "90,000 containers and as many names to skip", "/inject", skipMany),
  attack("A2", "150,000 unknown annotations", "/inject", annotated),
  ...atTheLimits,
  attack("parser", "reviews of pods", "/inject", documents),
  attack("parser", "reviews of objects", "/validate", documents),
];
