/** The names that a Service is called by inside the cluster, the usual one first. https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
export function serviceNames(service: string, namespace: string): string[] {
  return [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}.svc.cluster.local`,
    `${service}.${namespace}`,
    service,
  ];
}
