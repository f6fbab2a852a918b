/** RFC 3339 with microseconds, as MicroTime wants it. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
export const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace("Z", "000Z");
