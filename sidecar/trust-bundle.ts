import { certificatesIn } from "./certificates.ts";

export interface TrustBundleOptions {
  readonly file: string;
  readonly read: (file: string) => Promise<string>;
  /** Told of each change for the worse, once. */
  readonly write: (fields: object) => void;
}

/**
 * The certificates that the issuer's own must lead to. The file is read for each call of the issuer, since the kubelet
 * swaps what is behind its name; while it is missing or holds none, those that were read last go on.
 */
export class TrustBundle {
  readonly #options: TrustBundleOptions;
  #last: string | undefined;
  #problem: string | undefined;

  constructor(options: TrustBundleOptions) {
    this.#options = options;
  }

  /** PEM. Rejects, in words for a person, when there has never been one. */
  async certificates(): Promise<string> {
    const { file, read } = this.#options;
    const text = await read(file).catch(() => undefined);
    const found = text === undefined ? undefined : certificatesIn(text);
    this.#report(found === undefined ? problemOf(file, text) : undefined);
    this.#last = found ?? this.#last;
    if (this.#last === undefined) throw new Error(problemOf(file, text));
    return this.#last;
  }

  #report(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) this.#options.write({ message: "trust bundle", problem });
    this.#problem = problem;
  }
}

function problemOf(file: string, text: string | undefined): string {
  return text === undefined
    ? `the trust bundle is missing: nothing can be read at ${file}, which ConfigMap lanyard-trust-bundle of this namespace provides`
    : `the trust bundle holds no certificate: see key ca.crt of ConfigMap lanyard-trust-bundle in this namespace (${file})`;
}
