/** Trusts the issuer and the API server, whose certificates are mounted where they exist. */
import { existsSync, readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

export function trustCluster(): void {
  const files = ["/trust/issuer.crt", "/trust/kubernetes.crt"].filter((file) => existsSync(file));
  setDefaultCACertificates([...getCACertificates(), ...files.map((file) => readFileSync(file, "utf8"))]);
}
