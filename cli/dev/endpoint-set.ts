import { type Endpoint, type EndpointOptions, startEndpoint } from "./endpoint.ts";
import type { Report } from "./reports.ts";
import { type WorkloadReference, workloadReferenceText } from "./workload-reference.ts";

/** The endpoints that are up, one a pod. An endpoint stays until the end: when its workload goes, it answers why not. */
export class EndpointSet {
  readonly #options: Omit<EndpointOptions, "port">;
  readonly #firstPort: number | undefined;
  readonly #endpoints = new Map<string, Endpoint>();
  #announced = false;

  constructor(options: Omit<EndpointOptions, "port">, firstPort: number | undefined) {
    this.#options = options;
    this.#firstPort = firstPort;
  }

  get list(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  /** Whose pod that is, for a person: the reference that the endpoint was asked for by. */
  asOfPod(uid: string | undefined): string | undefined {
    return this.list.find((endpoint) => endpoint.podUid() === uid)?.as;
  }

  /** Brings up an endpoint for each reference that has none; the others follow what became of their workload. */
  async follow(references: readonly WorkloadReference[]): Promise<void> {
    await Promise.all(this.list.map((endpoint) => endpoint.follow()));
    for (const reference of references) {
      if (this.#endpoints.has(workloadReferenceText(reference))) continue;
      const endpoint = await startEndpoint(reference, { ...this.#options, port: this.#nextPort() });
      if (endpoint === undefined) continue;
      this.#endpoints.set(endpoint.as, endpoint);
      if (this.#announced) announce(endpoint, this.#options.report);
    }
  }

  /** Tells of the endpoints that are up, and from here on of each new one. */
  announce(): void {
    this.#announced = true;
    for (const endpoint of this.list) announce(endpoint, this.#options.report);
  }

  async close(): Promise<void> {
    await Promise.all(this.list.map((endpoint) => endpoint.close()));
  }

  #nextPort(): number {
    return this.#firstPort === undefined ? 0 : this.#firstPort + this.#endpoints.size;
  }
}

function announce({ as, url, environment }: Endpoint, report: Report): void {
  report({ event: "endpoint", as, url, environment: environment({}) });
}
