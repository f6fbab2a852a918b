import { cannot, create, type GuardCase, type LanyardObject, may, mayNot, patch } from "./guard-case.ts";
import { targets } from "./world.ts";

const role = (spec: object): LanyardObject => ({ kind: "RoleDefinition", metadata: { name: "guards-new" }, spec });
const naming = (kubernetesRole: string): LanyardObject => role({ kubernetesRole });
const change = (spec: object): object => ({ spec });
const refusal = (clusterRole: string): string => `may not give out ClusterRole "${clusterRole}"`;

const writer = "one who writes Lanyard's objects everywhere";
const binder = "a writer who may bind view";

export const bindCases: readonly GuardCase[] = [
  may(writer, "writes a role without a ClusterRole", create(role({ actions: ["**"] }))),
  mayNot(writer, "writes a role with ClusterRole view", create(naming("view")), refusal("view")),
  mayNot(
    writer,
    "writes a role with ClusterRole cluster-admin",
    create(naming("cluster-admin")),
    refusal("cluster-admin"),
  ),
  mayNot(writer, "adds view to a role", patch(targets.custom, change({ kubernetesRole: "view" })), refusal("view")),
  mayNot(
    writer,
    "puts cluster-admin in the place of view",
    patch(targets.kubernetes, change({ kubernetesRole: "cluster-admin" })),
    refusal("cluster-admin"),
  ),
  may(
    writer,
    "changes the description of a role with view",
    patch(targets.kubernetes, change({ description: "Reads." })),
  ),
  may(writer, "takes view out of a role", patch(targets.kubernetes, change({ kubernetesRole: null }))),
  may(binder, "writes a role with view", create(naming("view"))),
  may(binder, "adds view to a role", patch(targets.custom, change({ kubernetesRole: "view" }))),
  mayNot(binder, "writes a role with View, which is another", create(naming("View")), refusal("View")),
  mayNot(
    binder,
    "puts edit in the place of view",
    patch(targets.kubernetes, change({ kubernetesRole: "edit" })),
    refusal("edit"),
  ),
  may("a cluster administrator", "writes a role with cluster-admin", create(naming("cluster-admin"))),
  mayNot("the operator", "writes a role that is not built in", create(naming("edit")), "no other RoleDefinition"),
  mayNot(
    "the admin of the shop",
    "writes a role",
    create(role({ actions: ["**"] })),
    cannot("create", "roledefinitions"),
  ),
];
