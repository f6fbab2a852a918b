/** Of an assignment whose role names a ClusterRole: whether the principal is bound to it. */
export const KUBERNETES_ROLE_BOUND = "KubernetesRoleBound";
