import {
  apply,
  applyStatus,
  cannot,
  create,
  type GuardCase,
  may,
  mayNot,
  patch,
  type Request,
  SHOP,
} from "./guard-case.ts";
import type { Who } from "./people.ts";
import { readsShop, targets } from "./world.ts";

const STOLEN = "99999999-8888-7777-6666-555555555555";
const pinned = { principalId: STOLEN };
const condition = {
  conditions: [
    { type: "Ready", status: "True", reason: "Ready", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
  ],
};
const refusal = (plural: string): string => `may not write the status of ${plural}.lanyard.dev`;

/** It is taken, and what was smuggled into it is not there. */
const drops = (who: Who, does: string, request: Request): GuardCase => ({
  ...{ who, does, request },
  expected: { kind: "taken", lost: STOLEN },
});

const ofEachKind: readonly GuardCase[] = Object.values(targets).map((target) =>
  mayNot(
    "one who writes Lanyard's objects everywhere",
    `says that ${target.plural} ${target.name} is ready`,
    applyStatus(target, condition),
    refusal(target.plural),
  ),
);

const assignment = { ...readsShop, metadata: { name: "new", namespace: SHOP } };

export const statusCases: readonly GuardCase[] = [
  ...ofEachKind,
  mayNot(
    "a cluster administrator",
    "pins an assignment to another principal",
    applyStatus(targets.readsShop, pinned),
    refusal("roleassignments"),
  ),
  mayNot(
    "one with every verb on everything in the shop",
    "pins an assignment to another principal",
    applyStatus(targets.readsShop, pinned),
    refusal("roleassignments"),
  ),
  mayNot(
    "the admin of the shop",
    "pins an assignment to another principal",
    applyStatus(targets.readsShop, pinned),
    cannot("patch", "roleassignments/status"),
  ),
  mayNot("the operator", "moves a pin", applyStatus(targets.readsShop, pinned), "never changes"),
  may("the operator", "says what an identity is called", applyStatus(targets.orders, { clientId: "a" })),
  drops("the admin of the shop", "makes an assignment with a pin in it", create({ ...assignment, status: pinned })),
  drops("the shop's pipeline", "applies an assignment with a pin in it", apply({ ...readsShop, status: pinned })),
  drops("the admin of the shop", "patches a pin into an assignment", patch(targets.readsShop, { status: pinned })),
  drops("a cluster administrator", "makes an assignment with a pin in it", create({ ...assignment, status: pinned })),
  drops(
    "an editor of the shop",
    "makes an identity with a principal id in it",
    create({
      kind: "ManagedIdentity",
      metadata: { name: "new", namespace: SHOP, uid: STOLEN },
      spec: {},
      status: pinned,
    }),
  ),
];
