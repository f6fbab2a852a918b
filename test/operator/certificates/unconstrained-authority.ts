import "reflect-metadata";
import { KeyObject } from "node:crypto";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { KeyPair } from "../../../kube/key-pair.ts";

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** An authority as version 0.1.0 made it: it may sign for every name. */
export async function unconstrainedAuthority(validity: Pick<KeyPair, "notBefore" | "notAfter">): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name: "CN=lanyard-ca of before", keys, signingAlgorithm: ECDSA },
    ...{ notBefore: new Date(validity.notBefore), notAfter: new Date(validity.notAfter) },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { cert: `${certificate.toString("pem")}\n`, key: key.toString(), ...validity };
}
