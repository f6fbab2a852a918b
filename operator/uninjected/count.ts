/** How many pods of a namespace wait for repair, over all its workloads. */
export class UninjectedCount {
  readonly #onChange: (namespace: string, pods: number) => void;
  readonly #byNamespace = new Map<string, Map<string, number>>();

  /** Told of a namespace whenever its number is another; 0 when the last pod is repaired. */
  constructor(onChange: (namespace: string, pods: number) => void) {
    this.#onChange = onChange;
  }

  set(namespace: string, workload: string, pods: number): void {
    const workloads = this.#byNamespace.get(namespace) ?? new Map<string, number>();
    if ((workloads.get(workload) ?? 0) === pods) return;
    if (pods === 0) workloads.delete(workload);
    else workloads.set(workload, pods);
    if (workloads.size === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, workloads);
    this.#onChange(
      namespace,
      [...workloads.values()].reduce((sum, each) => sum + each, 0),
    );
  }
}
