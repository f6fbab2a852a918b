import { describe, expect, test } from "vitest";
import { injectPod } from "../../../webhook/inject/inject-pod.ts";
import { podSchema } from "../../../webhook/inject/pod.ts";
import type { RunAsUser } from "../../../webhook/settings.ts";
import { applyPatch } from "../apply-patch.ts";
import { injectionFacts } from "../facts.ts";
import type { SecuredContainer } from "./pod-security.ts";

interface Given {
  readonly choice: RunAsUser;
  readonly onOpenShift: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly user?: number;
}

function sidecarOf({ choice, onOpenShift, annotations = {}, user }: Given): SecuredContainer | undefined {
  const securityContext = user === undefined ? {} : { runAsUser: user };
  const pod = { metadata: { name: "web", annotations }, spec: { containers: [{ name: "web", securityContext }] } };
  const facts = injectionFacts({ settings: { runAsUser: choice }, namespace: { assignsUsers: onOpenShift } });
  const decision = injectPod(podSchema.parse(pod), facts);
  if (decision.kind === "denied") throw new Error(decision.reason.sentence);
  const after = applyPatch<unknown>(pod, decision.patch) as { spec: { initContainers: SecuredContainer[] } };
  return after.spec.initContainers.find(({ name }) => name === "lanyard");
}

const files = { "lanyard.dev/secret-files": "a=vault/b" };
const own = { runAsUser: 65_532, runAsGroup: 65_532 };

describe("the user of the sidecar", () => {
  test.each<Given & { readonly then: object }>([
    { choice: "auto", onOpenShift: false, then: own },
    { choice: "auto", onOpenShift: true, then: {} },
    { choice: "omit", onOpenShift: false, then: {} },
    { choice: "set", onOpenShift: true, then: own },
    // SCC admission has given the application's container an id of the namespace's range: the sidecar may have it too.
    {
      ...{ choice: "auto", onOpenShift: true, annotations: files, user: 1_000_660_000 },
      then: { runAsUser: 1_000_660_000 },
    },
    { choice: "auto", onOpenShift: true, annotations: files, then: { runAsGroup: 65_532 } },
    {
      ...{ choice: "auto", onOpenShift: false, annotations: files, user: 1000 },
      then: { runAsUser: 1000, runAsGroup: 65_532 },
    },
  ])("with $choice, on OpenShift: $onOpenShift, annotations $annotations, application's user $user", (given) => {
    const { runAsUser, runAsGroup } = (sidecarOf(given)?.securityContext ?? {}) as Record<string, unknown>;
    const named = Object.fromEntries(Object.entries({ runAsUser, runAsGroup }).filter(([, id]) => id !== undefined));
    expect(named).toEqual(given.then);
  });

  test("is never root, whoever assigns it", () => {
    expect(sidecarOf({ choice: "omit", onOpenShift: true })?.securityContext).toMatchObject({ runAsNonRoot: true });
  });
});
