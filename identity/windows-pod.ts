interface PlacedPod {
  readonly os?: { readonly name: string } | null | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | null | undefined;
}

/** Whether a pod's spec says that it runs on Windows, where there is no sidecar. https://kubernetes.io/docs/concepts/windows/user-guide/ */
export function isWindowsPod({ os, nodeSelector }: PlacedPod): boolean {
  return os?.name === "windows" || nodeSelector?.["kubernetes.io/os"] === "windows";
}
