/** A column of `kubectl get`. https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns */
interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "boolean" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** 1: shown with `-o wide` only. */
  readonly priority?: 1;
}

const text = (name: string, jsonPath: string, description: string): PrinterColumn => ({
  name,
  type: "string",
  jsonPath,
  description,
});
const wide = (column: PrinterColumn): PrinterColumn => ({ ...column, priority: 1 });

const ready = text("Ready", '.status.conditions[?(@.type=="Ready")].status', "Whether the object has its effect.");
const reason = text("Reason", '.status.conditions[?(@.type=="Ready")].reason', "Why it is ready or not.");
const message = wide(
  text("Message", '.status.conditions[?(@.type=="Ready")].message', "Why, as a sentence that says what to do."),
);
const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "When the object was created.",
};

/** A date column shows how long ago something was, and a time to come as invalid: so this one is text. */
const expires = text("Expires", ".spec.expiresAt", "When the assignment ends.");

const assignmentColumns: readonly PrinterColumn[] = [
  text("Identity", ".spec.principal.managedIdentity", "The managed identity that has the role."),
  text("Workload", ".spec.principal.workload.name", "The workload whose system-assigned identity has the role."),
  text("Role", ".spec.roleDefinition", "The role."),
  text("Scope", ".status.scope", "Where the role holds."),
  ready,
  reason,
  expires,
  wide(text("Begins", ".spec.notBefore", "When the assignment begins.")),
  wide(text("Condition", ".spec.condition", "What must hold of a request for the role to count.")),
  wide(text("Principal ID", ".status.principalId", "The principal that the assignment is pinned to.")),
  message,
  age,
];

export const printerColumns: Readonly<Record<string, readonly PrinterColumn[]>> = {
  ManagedIdentity: [
    text("Type", ".spec.type", "User-assigned or system-assigned."),
    text("Client ID", ".status.clientId", "What an application names the identity by."),
    ready,
    reason,
    wide(text("Principal ID", ".status.principalId", "The subject of its tokens.")),
    wide({ name: "Disabled", type: "boolean", jsonPath: ".spec.disabled", description: "True: it gets no tokens." }),
    message,
    age,
  ],
  RoleDefinition: [
    text("Description", ".spec.description", "What the role is for."),
    text("Kubernetes Role", ".spec.kubernetesRole", "The ClusterRole that comes with it."),
    wide(text("Actions", ".spec.actions", "What the role allows.")),
    age,
  ],
  RoleAssignment: assignmentColumns,
  ClusterRoleAssignment: assignmentColumns,
  ProtectedResource: [
    text("Audiences", ".spec.audiences", "What applications ask a token for."),
    {
      name: "Assignment Required",
      type: "boolean",
      jsonPath: ".spec.assignmentRequired",
      description: "True: no token without a role here.",
    },
    text("Algorithm", ".spec.signingAlgorithm", "How its tokens are signed."),
    ready,
    reason,
    message,
    age,
  ],
  TokenRevocation: [
    text("Identity", ".spec.managedIdentity", "The managed identity whose tokens are revoked."),
    text("Pod", ".spec.pod.name", "The pod whose tokens are revoked."),
    text("Token ID", ".spec.tokenId", "The token that is revoked."),
    ready,
    reason,
    message,
    age,
  ],
};
