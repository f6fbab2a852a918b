import { audiencesOf, type StoredResource } from "../../kube/stored-resource.ts";

export const protectedResourceIndexes = {
  audience: audiencesOf,
  namespace: ({ metadata }: StoredResource) => [metadata.namespace],
};
