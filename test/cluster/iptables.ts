/** The prefixes of the chains that kubelet, kube-proxy and the network plugins make. */
const chain = String.raw`(?:KUBE|CNI)-[\w-]+`;
const declared = new RegExp(`^:${chain} `);
const mentioned = new RegExp(`(?:^-A|-j|-g) ${chain}(?: |$)`);

/** Whether the rules, as iptables-save prints them, hold those of a Kubernetes node. */
export function hasClusterRules(saved: string): boolean {
  return saved.split("\n").some(isOfCluster);
}

/** The rules without those of a node: what to give to iptables-restore. */
export function withoutClusterRules(saved: string): string {
  return saved
    .split("\n")
    .filter((line) => !isOfCluster(line))
    .join("\n");
}

/** The tables that the rules are in. One that nobody used is not printed. */
export function tables(saved: string): readonly string[] {
  return saved.split("\n").flatMap((line) => (line.startsWith("*") ? [line.slice(1)] : []));
}

function isOfCluster(line: string): boolean {
  return declared.test(line) || mentioned.test(line);
}
