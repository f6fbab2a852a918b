import { createHmac, hkdfSync, KeyObject, timingSafeEqual } from "node:crypto";
import type { SigningKeys } from "../signing-keys.ts";
import { parseStatusListPath, type StatusListKey, statusListPath } from "./status-list-key.ts";

/** Room for more than 500 roles; a token with as many is larger than what servers take in a header. */
const LONGEST_PATH = 8192;
/** Enough that nobody guesses one: what is guessed wrong is not answered, and nothing else can be tried. */
const CODE_BYTES = 16;
const addressPattern = /^(.+)\/([\w-]{22})$/;

/**
 * The path of a list in an issuer. Nobody who asks for a list says who they are, and a list costs work, so that a path
 * ends with a code that only issuers can make: there is none but those that stand in tokens.
 */
export class StatusListAddresses {
  readonly #secret: Uint8Array;

  constructor(signingKeys: SigningKeys) {
    this.#secret = addressSecret(signingKeys);
  }

  pathOf(key: StatusListKey): string {
    const path = statusListPath(key);
    return `${path}/${this.#code(path)}`;
  }

  /** Undefined for a path that no issuer with these keys has written. */
  keyAt(address: string): StatusListKey | undefined {
    const match = address.length > LONGEST_PATH ? null : addressPattern.exec(address);
    if (match === null) return undefined;
    const [, path = "", code = ""] = match;
    const isOurs = timingSafeEqual(Buffer.from(code), Buffer.from(this.#code(path)));
    return isOurs ? parseStatusListPath(path) : undefined;
  }

  #code(path: string): string {
    const code = createHmac("sha256", this.#secret).update(path).digest();
    return code.subarray(0, CODE_BYTES).toString("base64url");
  }
}

/** HKDF (RFC 5869) of a key that all issuers have, so that each knows the others' addresses and nothing more is stored. */
function addressSecret({ ES256 }: SigningKeys): Uint8Array {
  const { d } = KeyObject.from(ES256.privateKey).export({ format: "jwk" });
  if (d === undefined) throw new TypeError("the signing key is not private");
  return new Uint8Array(hkdfSync("sha256", Buffer.from(d, "base64url"), "", "lanyard status list address", 32));
}
