/** Files of a small shop: an identity, a resource that it may read, and a Deployment with an identity of its own. */
export const VAULT = "https://vault.shop.svc";

export const identity = `apiVersion: lanyard.dev/v1alpha1
kind: ManagedIdentity
metadata: {name: orders, namespace: shop}
spec:
  subjects:
  - serviceAccount: orders
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: orders, namespace: shop}
`;

export const vault = `apiVersion: lanyard.dev/v1alpha1
kind: ProtectedResource
metadata: {name: vault, namespace: shop}
spec:
  audiences: ["${VAULT}"]
`;

export const assignment = `apiVersion: lanyard.dev/v1alpha1
kind: RoleAssignment
metadata: {name: orders-reads, namespace: shop}
spec:
  principal: {managedIdentity: orders}
  roleDefinition: secrets-reader
  resource: vault
`;

export const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    lanyard.dev/system-assigned: "true"
spec:
  template:
    spec: {}
---
apiVersion: lanyard.dev/v1alpha1
kind: ClusterRoleAssignment
metadata: {name: web-reads}
spec:
  principal: {workload: {kind: Deployment, name: web}, namespace: shop}
  roleDefinition: secrets-reader
  scope: /
`;
