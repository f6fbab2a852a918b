import type { Attack } from "../attack.ts";
import { send } from "../send.ts";
import { lanyard } from "../world.ts";
import { createMany } from "./create-many.ts";

const principal = (number: number): object => ({ managedIdentity: `missing-${number}`, namespace: "evil" });
const dangling = (number: number): object =>
  lanyard("RoleAssignment", `dangling-${number}`, { principal: principal(number), roleDefinition: "reader" }, "evil");
const readyz = { path: "/readyz" };

export const operatorAttacks: readonly Attack[] = [
  {
    ...{ row: "A10", title: "2,000 assignments of identities that do not exist", target: "operator", lanes: 1 },
    reaches: [200],
    prepare: (arena) => createMany(arena, 2000, dangling),
    play: ({ operationsPorts }) => send({ port: operationsPorts.operator, ...readyz }),
  },
];
