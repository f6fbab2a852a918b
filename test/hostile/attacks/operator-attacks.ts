import { API_VERSION } from "../../../identity/names.ts";
import type { Attack } from "../attack.ts";
import { send } from "../send.ts";
import { lanyard } from "../world.ts";
import { createMany } from "./create-many.ts";

const principal = (number: number): object => ({ managedIdentity: `missing-${number}`, namespace: "evil" });
const dangling = (number: number): object =>
  lanyard("RoleAssignment", `dangling-${number}`, { principal: principal(number), roleDefinition: "reader" }, "evil");
const annotatedDeployment = (number: number): object => ({
  ...{ apiVersion: "v1", kind: "ServiceAccount" },
  metadata: { name: `noted-${number}`, namespace: "evil", annotations: { [`${API_VERSION}`]: "x".repeat(250_000) } },
});
const readyz = { path: "/readyz" };

export const operatorAttacks: readonly Attack[] = [
  {
    ...{ row: "A5", title: "600 more ServiceAccounts with 250 KB of annotations", target: "operator", lanes: 1 },
    prepare: (arena) => createMany(arena, 600, annotatedDeployment),
    play: ({ operationsPorts }) => send({ port: operationsPorts.operator, ...readyz }),
  },
  {
    ...{ row: "A10", title: "2,000 assignments of identities that do not exist", target: "operator", lanes: 1 },
    prepare: (arena) => createMany(arena, 2000, dangling),
    play: ({ operationsPorts }) => send({ port: operationsPorts.operator, ...readyz }),
  },
];
