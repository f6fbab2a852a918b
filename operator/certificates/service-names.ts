/**
 * The names that a Service has in every namespace of the cluster, the usual one first. Not `SERVICE` and
 * `SERVICE.NAMESPACE`: outside the cluster such a name may be somebody else's.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function serviceNames(service: string, namespace: string, clusterDomain: string): string[] {
  const name = `${service}.${namespace}.svc`;
  return [name, `${name}.${clusterDomain}`];
}
