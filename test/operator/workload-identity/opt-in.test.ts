import { expect, test } from "vitest";
import { optIn } from "../../../operator/workload-identity/opt-in.ts";
import type { Workload } from "../../../operator/workload-identity/workload.ts";
import { workload } from "../builders.ts";

test.each<[string, Workload, string]>([
  ["true", workload({ systemAssigned: "true" }), "wanted"],
  ["false", workload({ systemAssigned: "false" }), "unwanted"],
  ["no annotation", workload({ systemAssigned: undefined }), "unwanted"],
  ["anything else", workload({ systemAssigned: "True" }), "unreadable"],
  ["nothing between the quotes", workload({ systemAssigned: "" }), "unreadable"],
  ["true, copied down from its controller", workload({ kind: "Pod", owner: { controller: true } }), "unwanted"],
  [
    "a typo, copied down from its controller",
    workload({ systemAssigned: "yes", owner: { controller: true } }),
    "unwanted",
  ],
  ["true, with an owner that is not its controller", workload({ owner: {} }), "wanted"],
  ["true, while it is being deleted", workload({ deletionTimestamp: "2026-11-21T12:00:00Z" }), "unwanted"],
])("%s", (_says, asking, kind) => expect(optIn(asking).kind).toBe(kind));
