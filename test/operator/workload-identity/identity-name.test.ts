import fc from "fast-check";
import { expect, test } from "vitest";
import { isDnsSubdomain } from "../../../identity/dns-name.ts";
import { workloadKinds } from "../../../identity/managed-identity.ts";
import { identityName } from "../../../operator/workload-identity/identity-name.ts";
import { property } from "../../support/property.ts";
import { workload } from "../builders.ts";

test("the name says whose identity it is", () => {
  expect(identityName(workload({ kind: "Deployment", name: "web" }))).toMatch(/^deployment-web-[0-9a-f]{10}$/);
});

test("the same workload always has the same", () => {
  expect(identityName(workload({ uid: "5e1c" }))).toBe(identityName(workload({ uid: "5e1c" })));
});

const names = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/).filter(isDnsSubdomain);

property(
  "every workload's is a name that the API server takes",
  [fc.constantFrom(...workloadKinds), names],
  (kind, name) => isDnsSubdomain(identityName(workload({ kind, name }))),
);

property("two workloads never share one", [names, fc.uuid(), fc.uuid()], (name, one, other) => {
  fc.pre(one !== other);
  return identityName(workload({ name, uid: one })) !== identityName(workload({ name, uid: other }));
});
