import { z } from "zod";
import { AUDIT_SCHEMA, auditRecordSchema, auditRecords } from "../identity/audit-records.ts";

const headings: Readonly<Record<keyof typeof auditRecords, string>> = {
  token: "A token was asked for (`POST /oauth2/token`, and the tenant's URL).",
  introspection:
    "A caller asked whether a token is still good (`POST /introspect`). A sidecar asks every few seconds about the tokens of its own pod: that such a token is still good is not written.",
  decision: "A caller asked what an identity may do (`POST /access/v1/evaluation`, and each of a batch).",
  request: "Any other request to the issuer was refused, such as `GET /identities` of a pod that may use no identity.",
  secret: "A request to a vault.",
  revocation: "A TokenRevocation took effect, or was deleted too early. The operator writes it, once for each object.",
};

const head = `# Audit trail
<!-- Written by npm run generate from identity/audit-records.ts. -->
The issuer, the vaults and the operator write down what they decide, who asked, from where, and which assignment gave the right. Each record is a line of JSON on standard output with the record under the key \`audit\`, so that a collector can pick them out:

\`\`\`json
{"level":"info","time":"2026-12-01T10:21:07.412Z","process":"issuer","audit":{"schema":"${AUDIT_SCHEMA}","time":"2026-12-01T10:21:07.411Z","event":"token","decision":"issued","traceId":"0af7651916cd43dd8448eb211c80319c","endpoint":"POST /oauth2/token","grantType":"token-exchange","audience":"https://inventory.inventory.svc","pod":{"namespace":"shop","name":"orders-745f7444f7-p2qbx","uid":"5a8c4a1e-9f0c-4a55-8c77-0a4b7f1c2d3e"},"serviceAccount":"orders","node":"node-1","identity":"/namespaces/shop/managedIdentities/orders","principalId":"4ad1f659-68ec-4640-a4d4-79813ac9dd15","clientId":"ddc04a4a-8040-537e-b702-8ea100133746","roles":["stock-reader"],"grants":[{"role":"stock-reader","assignment":"inventory/orders-reads-stock","scope":"/namespaces/inventory/resources/inventory"}],"jti":"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed.8x2k","expiresAt":"2026-12-01T11:21:07.000Z","sourceAddress":"10.244.1.17"},"msg":"Token issued."}
\`\`\`

- **The trail does not depend on \`logLevel\`.** With \`logLevel: error\` its records are still written.
- **The schema has a version**, \`${AUDIT_SCHEMA}\`. It changes when a member is removed or changes its meaning. New members and new events may come without a new version. [audit.schema.json](audit.schema.json) is the same as JSON Schema.
- **No member holds a token, a header or a value of a secret.** What a caller wrote is cut at 256 characters, and replaced where it looks like a token.
- **Equal events are counted.** The first is written at once. The number of those that follow within a minute is written at its end, as \`count\` of a record that is equal to the last of them; \`since\` is the time of the first. Events are equal if all but \`time\` and \`traceId\` are; for a request that proved no pod at the issuer, if endpoint and reason are (\`sourceAddresses\` names some of the addresses); for one that proved nothing at a vault, if event, operation, vault, reason and source address are. Issued tokens and allowed accesses to secrets are never counted together. At most 10,000 different events are counted at a time.
- \`audit.decisions: denied\` leaves out decisions that said yes and introspections of good tokens. The default \`all\` costs a service that asks a thousand times a second about one identity two records a minute.
- Requests that are no HTTP, or at no route, are in the metrics and not in the trail. What people write with kubectl, role assignments and revocations too, is in the audit log of the API server.

`;

/** docs/reference/audit.md. */
export function auditReference(): string {
  const sections = Object.entries(auditRecords).map(([event, { shape }]) => {
    const rows = Object.entries(shape).map(([name, schema]) => row(name, schema));
    const title = headings[event as keyof typeof auditRecords];
    return `## ${event}\n${title}\n\n| member | | what |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return head + sections.join("\n");
}

function row(name: string, schema: z.ZodType): string {
  const needed = schema.isOptional() ? "" : "always";
  return `| \`${name}\` | ${needed} | ${[values(schema), description(schema)].filter(Boolean).join(" ")} |`;
}

function values(schema: z.ZodType): string {
  const { const: only, enum: several } = z.toJSONSchema(schema, { unrepresentable: "any" });
  const all = only === undefined ? (several ?? []) : [only];
  return all.length === 0 ? "" : `${all.map((value) => `\`${String(value)}\``).join(", ")}.`;
}

/** An optional member is described inside the wrapper or outside of it. */
function description(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description;
  return schema instanceof z.ZodOptional ? description(schema.unwrap() as z.ZodType) : "";
}

/** docs/reference/audit.schema.json. */
export function auditJsonSchema(): string {
  const title = "A record of Lanyard's audit trail";
  const schema = z.toJSONSchema(auditRecordSchema, { unrepresentable: "any" });
  return `${JSON.stringify({ title, ...schema }, null, 2)}\n`;
}
