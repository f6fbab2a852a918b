/**
 * The namespace whose Service an audience names, in whatever spelling: any scheme or none, upper case, a port, a path,
 * a dot at the end, the cluster's domain. Undefined for an audience that names no Service. Which domain the cluster has
 * decides nothing, so that every process and the command line give the same answer.
 */
export function serviceNamespaceOf(audience: string): string | undefined {
  // `api.shop.svc:8443` has no scheme, although "api.shop.svc:" looks like one.
  const withoutScheme = audience.replace(/^[a-z][a-z0-9+.-]*:[/\\]*/i, "");
  return namespaceIn(hostOf(audience)) ?? namespaceIn(hostOf(withoutScheme));
}

/** As a URL has it: in lower case, with `%2e` and look-alikes of other alphabets replaced, and without user and port. */
function hostOf(text: string): string | undefined {
  const url = `http://${text}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.+$/, "") : undefined;
}

/** SERVICE.NAMESPACE.svc or POD.SERVICE.NAMESPACE.svc, and any domain behind it. */
function namespaceIn(host: string | undefined): string | undefined {
  const labels = host?.split(".") ?? [];
  const at = labels.slice(0, 4).indexOf("svc", 2);
  return at === -1 ? undefined : labels[at - 1];
}
