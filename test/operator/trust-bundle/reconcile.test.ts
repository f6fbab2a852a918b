import { expect, test } from "vitest";
import {
  type TrustBundleFacts,
  type TrustBundleStep,
  trustBundleStep,
} from "../../../operator/trust-bundle/reconcile.ts";

const needed: TrustBundleFacts = { trustBundle: "new", isDeleting: false, isNeeded: true, configMap: undefined };
const written = { content: "new", isOurs: true, isImmutable: false };

test.each<{ when: string; facts: Partial<TrustBundleFacts>; step: TrustBundleStep }>([
  { when: "it is needed and not there", facts: {}, step: "write" },
  { when: "it is needed and there", facts: { configMap: written }, step: "keep" },
  { when: "it is an older one", facts: { configMap: { ...written, content: "old" } }, step: "write" },
  { when: "its key was removed", facts: { configMap: { ...written, content: undefined } }, step: "write" },
  {
    when: "a person made one where it is needed",
    facts: { configMap: { content: "x", isOurs: false, isImmutable: false } },
    step: "write",
  },
  {
    when: "somebody made another one immutable, so that only a new one helps",
    facts: { configMap: { content: "x", isOurs: true, isImmutable: true } },
    step: "delete",
  },
  { when: "it is immutable, and right", facts: { configMap: { ...written, isImmutable: true } }, step: "keep" },
  { when: "nobody needs it", facts: { isNeeded: false, configMap: written }, step: "delete" },
  { when: "nobody needs it or has it", facts: { isNeeded: false }, step: "keep" },
  {
    when: "a person made one where nobody needs it",
    facts: { isNeeded: false, configMap: { content: "x", isOurs: false, isImmutable: false } },
    step: "keep",
  },
  { when: "the namespace is being deleted", facts: { isDeleting: true }, step: "keep" },
  { when: "there are no certificates yet", facts: { trustBundle: undefined }, step: "keep" },
  { when: "there are no certificates any more", facts: { trustBundle: undefined, configMap: written }, step: "keep" },
])("$step when $when", ({ facts, step }) => {
  expect(trustBundleStep({ ...needed, ...facts })).toBe(step);
});
