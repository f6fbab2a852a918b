import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";

/** A self-signed ECDSA certificate for `localhost` and its key, as `cert.pem` and `key.pem` of a folder, good for a day. */
export async function makeCertificate(folder: string): Promise<void> {
  await runCommand([
    ...(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const),
    ...["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem"), "-days", "1"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
  ]);
}
