import { z } from "zod";

/**
 * The audit trail: one JSON object per event, under the key `audit` of a log line. The version changes when a member is
 * removed or changes its meaning; new members and new events may come without that. No member holds a token or a header.
 */
export const AUDIT_SCHEMA = "lanyard.dev/audit/v1";

/** The longest text of a caller that is written down. */
export const LONGEST_AUDITED = 256;
/** So many grants are named in a record; the rest are counted. */
export const MOST_AUDITED_GRANTS = 20;

const text = z.string().max(1024);
const time = z.iso.datetime().describe("RFC 3339, in UTC.");
const namespacedName = z.object({ namespace: text, name: text });

/** What every record has. */
const head = {
  schema: z.literal(AUDIT_SCHEMA).describe("Name and version of this schema."),
  time: time.describe("When it was decided: RFC 3339, in UTC."),
};

const repeats = {
  count: z.int().min(1).optional().describe("How many more equal events this record stands for: see above."),
  since: time.optional().describe("With `count`: when the first of the equal events was written."),
  sourceAddresses: z
    .array(text)
    .max(10)
    .optional()
    .describe("With `count`, of requests that proved no pod: some of the addresses that they came from."),
};

const caller = {
  traceId: text.describe("32 hexadecimal digits, as in the reply and in the log: the caller's own, or a random one."),
  endpoint: text.describe("Method and route as in the documentation, not the path that was sent."),
  reason: text.optional().describe("Why it was refused or denied: a code of reasons.md."),
  sourceAddress: text.describe("The address at the other end of the connection."),
  source: z
    .enum(["unreported", "unknown", "node", "another pod"])
    .optional()
    .describe("Whose the source address is, where it is not known to be the pod's: see http.md."),
  pod: namespacedName
    .extend({ uid: text })
    .optional()
    .describe("The pod that asked, by its token. Missing when nothing was proved."),
  serviceAccount: text.optional().describe("Of that pod."),
  node: text.optional().describe("Of that pod."),
};

const identity = {
  identity: text.optional().describe("Resource id of the managed identity."),
  principalId: text.optional().describe("Its principal id: the `sub` of tokens."),
  clientId: text.optional().describe("Its client id."),
};

const assignment = text.describe("NAMESPACE/NAME of a RoleAssignment, or NAME of a ClusterRoleAssignment.");
const grants = {
  roles: z.array(text).optional().describe("The roles in the token, or those of now."),
  grants: z
    .array(z.object({ role: text, assignment, scope: text }))
    .max(MOST_AUDITED_GRANTS)
    .optional()
    .describe(
      "The assignments that give the right: role, assignment (NAMESPACE/NAME, or NAME of a ClusterRoleAssignment), scope.",
    ),
  grantsOmitted: z.int().min(1).optional().describe("How many more there are."),
};

const tokenRecord = z.strictObject({
  ...head,
  event: z.literal("token"),
  decision: z.enum(["issued", "refused"]),
  ...caller,
  grantType: text.optional().describe("`token-exchange` or `client_credentials`."),
  ...identity,
  audience: text.optional().describe("That was asked for; of an issued token, as the resource writes it."),
  ...grants,
  jti: text.optional().describe("The id of the issued token."),
  expiresAt: time.optional().describe("When the issued token ends."),
  ...repeats,
});

const introspectionRecord = z.strictObject({
  ...head,
  event: z.literal("introspection"),
  decision: z.enum(["active", "inactive", "refused"]),
  ...caller,
  ...identity,
  audience: text.optional().describe("Of the token that was asked about, if it is this issuer's."),
  jti: text.optional().describe("The id of that token."),
  ...grants,
  ...repeats,
});

const decisionRecord = z.strictObject({
  ...head,
  event: z.literal("decision"),
  decision: z.enum(["allowed", "denied", "refused"]),
  ...caller,
  subject: text.optional().describe("The identity that was asked about, as the caller wrote it."),
  action: text.optional().describe("The action that was asked about."),
  resource: text.optional().describe("The resource that was asked about, as the caller wrote it."),
  subresource: text.optional().describe("The part of it that was asked about."),
  role: text.optional().describe("The role that allows it."),
  assignment: assignment.optional(),
  scope: text.optional().describe("Where that assignment holds."),
  ...repeats,
});

const requestRecord = z.strictObject({
  ...head,
  event: z.literal("request"),
  decision: z.literal("refused"),
  ...caller,
  ...repeats,
});

const { endpoint: _, ...vaultCaller } = caller;
const secretRecord = z.strictObject({
  ...head,
  event: z.literal("secret"),
  decision: z.enum(["allowed", "refused"]),
  ...vaultCaller,
  pod: namespacedName.extend({ uid: text.optional() }).optional().describe("The pod that the token was issued to."),
  operation: text.describe("As in vault.md, such as `GetSecret`; `none` when it was refused before."),
  status: z.int().describe("HTTP status of the reply."),
  vault: text.optional().describe("NAMESPACE/NAME of the ProtectedResource."),
  secret: text.optional().describe("Name of the secret."),
  version: text.optional().describe("Its version."),
  ...identity,
  role: text.optional().describe("The role that allowed it."),
  assignment: assignment.optional(),
  ...repeats,
});

const revocationRecord = z.strictObject({
  ...head,
  event: z.literal("revocation"),
  decision: z
    .enum(["revoked", "withdrawn"])
    .describe("`withdrawn`: somebody deleted the object while tokens may be left."),
  revocation: text.describe(
    "NAMESPACE/NAME of the TokenRevocation. Who wrote it is in the audit log of the API server.",
  ),
  identity: text.optional().describe("Resource id of the identity whose tokens are revoked."),
  pod: namespacedName.extend({ uid: text.optional() }).optional().describe("The pod whose tokens are revoked."),
  jti: text.optional().describe("The id of the token that is revoked."),
});

/** Each kind of record, by its event. */
export const auditRecords = {
  token: tokenRecord,
  introspection: introspectionRecord,
  decision: decisionRecord,
  request: requestRecord,
  secret: secretRecord,
  revocation: revocationRecord,
} as const;

export const auditRecordSchema = z.discriminatedUnion("event", [
  tokenRecord,
  introspectionRecord,
  decisionRecord,
  requestRecord,
  secretRecord,
  revocationRecord,
]);

type RecordOf<Schema extends z.ZodType> = Readonly<z.infer<Schema>>;
export type TokenRecord = RecordOf<typeof tokenRecord>;
export type IntrospectionRecord = RecordOf<typeof introspectionRecord>;
export type DecisionRecord = RecordOf<typeof decisionRecord>;
export type RequestRecord = RecordOf<typeof requestRecord>;
export type SecretRecord = RecordOf<typeof secretRecord>;
export type RevocationRecord = RecordOf<typeof revocationRecord>;

/** How any JWT, and any part of one that starts with an object, begins: `{"` in base64url. */
const jwt = /eyJ[\w-]{8}/;

/** A text of a caller as it may be written down: bounded, and never a token that was put in the wrong place. */
export function audited(given: string): string {
  if (jwt.test(given)) return "(a token)";
  return given.length > LONGEST_AUDITED ? `${given.slice(0, LONGEST_AUDITED)}…` : given;
}
