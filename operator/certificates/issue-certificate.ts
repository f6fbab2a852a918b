import "reflect-metadata";
import { createPrivateKey, createPublicKey, KeyObject } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import type { KeyPair } from "../../kube/key-pair.ts";
import { nameConstraints } from "./name-constraints.ts";

/** Milliseconds since the epoch; a certificate counts whole seconds. */
interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

interface AuthorityRequest extends Validity {
  readonly domains: readonly string[];
}

/** A server signs in each handshake, and with RSA that costs it many times more. */
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * A self-signed authority that may sign serving certificates, and no other authority (RFC 5280 §4.2.1.9): for the
 * domains that are given and what is below them.
 */
export async function issueAuthority({ domains, ...validity }: AuthorityRequest): Promise<KeyPair> {
  const keys = await newKeys();
  // A name of its own: two authorities of one name would leave it to each verifier how to tell them apart.
  const name = `CN=lanyard-ca ${new Date(validity.notBefore).toISOString()}`;
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name, keys, signingAlgorithm: ECDSA, ...dates(validity) },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      nameConstraints(domains),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return keyPair(certificate, keys.privateKey, validity);
}

interface ServingRequest extends Validity {
  readonly authority: KeyPair;
  readonly dnsNames: readonly string[];
  /** The server's private key, PEM: a new one where it is left out. */
  readonly key?: string;
}

/** A certificate for a TLS server of these names; it ends no later than the authority that signs it. */
export async function issueServing({ authority, dnsNames, key, ...wished }: ServingRequest): Promise<KeyPair> {
  const validity = { ...wished, notAfter: Math.min(wished.notAfter, authority.notAfter) };
  const keys = key === undefined ? await newKeys() : keysOf(key);
  const issuer = new X509Certificate(authority.cert);
  const certificate = await X509CertificateGenerator.create({
    issuer: issuer.subject,
    subject: "CN=lanyard",
    publicKey: keys.publicKey,
    signingKey: createPrivateKey(authority.key).toCryptoKey(ECDSA, false, ["sign"]),
    signingAlgorithm: ECDSA,
    ...dates(validity),
    extensions: [...servingExtensions(dnsNames), ...(await keyIdentifiers(issuer, keys.publicKey))],
  });
  return keyPair(certificate, keys.privateKey, validity);
}

function servingExtensions(dnsNames: readonly string[]): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns", value }))),
  ];
}

async function keyIdentifiers(issuer: X509Certificate, publicKey: CryptoKey): Promise<Extension[]> {
  return [
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    await SubjectKeyIdentifierExtension.create(publicKey),
  ];
}

/** A private key for a TLS server, PEM. */
export async function newPrivateKey(): Promise<string> {
  return privateKeyPem((await newKeys()).privateKey);
}

function keysOf(pem: string): { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey } {
  return {
    privateKey: createPrivateKey(pem).toCryptoKey(ECDSA, true, ["sign"]),
    publicKey: createPublicKey(pem).toCryptoKey(ECDSA, true, ["verify"]),
  };
}

const privateKeyPem = (key: CryptoKey): string =>
  KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();

const newKeys = () => crypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);

const dates = ({ notBefore, notAfter }: Validity) => ({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) });

function keyPair(certificate: X509Certificate, privateKey: CryptoKey, { notBefore, notAfter }: Validity): KeyPair {
  return { cert: `${certificate.toString("pem")}\n`, key: privateKeyPem(privateKey), notBefore, notAfter };
}
