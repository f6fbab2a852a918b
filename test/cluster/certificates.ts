import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../tools/run-command.ts";
import { API_SERVICE_ADDRESS, CLUSTER_DOMAIN, folders, NODE_ADDRESS, NODE_NAME } from "./layout.ts";

/** Users by the name of their certificate: the common name is the user, the organization the group. */
const users = {
  admin: "/O=system:masters/CN=admin",
  "kube-apiserver-to-kubelet": "/O=system:masters/CN=kube-apiserver",
  "kube-controller-manager": "/CN=system:kube-controller-manager",
  "kube-scheduler": "/CN=system:kube-scheduler",
  kubelet: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
  "kube-proxy": "/CN=system:kube-proxy",
  coredns: "/O=system:masters/CN=coredns",
} as const;
export type User = keyof typeof users;

const servers = {
  "kube-apiserver": [
    ...["DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default", "DNS:kubernetes.default.svc"],
    ...[
      `DNS:kubernetes.default.svc.${CLUSTER_DOMAIN}`,
      "IP:127.0.0.1",
      `IP:${NODE_ADDRESS}`,
      `IP:${API_SERVICE_ADDRESS}`,
    ],
  ],
  "kubelet-server": [`DNS:${NODE_NAME}`, `IP:${NODE_ADDRESS}`],
} as const;

type Certificate = "ca" | User | keyof typeof servers;

export const certificateFile = (name: Certificate): string => join(folders.certificates, `${name}.crt`);
export const keyFile = (name: Certificate | "service-accounts"): string => join(folders.certificates, `${name}.key`);
export const serviceAccountPublicKeyFile = join(folders.certificates, "service-accounts.pub");

/** A certificate authority of this cluster alone, what it signs for servers and users, and the key that signs ServiceAccount tokens. */
export async function makeCertificates(): Promise<void> {
  await mkdir(folders.certificates, { recursive: true, mode: 0o700 });
  await writeFile(configFile, openSslConfig());
  await openSsl("ca", "/CN=lanyard-test", "ca");
  const signed = ["-CA", certificateFile("ca"), "-CAkey", keyFile("ca")];
  await Promise.all([
    ...entries(users).map(([name, subject]) => openSsl(name, subject, "client", signed)),
    ...entries(servers).map(([name]) => openSsl(name, `/CN=${name}`, name, signed)),
    makeServiceAccountKey(),
  ]);
}

const configFile = join(folders.certificates, "openssl.cnf");

function openSslConfig(): string {
  const server = ([name, names]: readonly [string, readonly string[]]): string =>
    `[${name}]\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=${names.join(",")}\n`;
  return [
    "[req]\ndistinguished_name=subject\n[subject]\n",
    "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n",
    "[client]\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n",
    ...entries(servers).map(server),
  ].join("");
}

async function openSsl(
  name: Certificate,
  subject: string,
  section: string,
  more: readonly string[] = [],
): Promise<void> {
  await runCommand([
    ...(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const),
    ...["-config", configFile, "-extensions", section, "-subj", subject, "-days", "365"],
    ...["-keyout", keyFile(name), "-out", certificateFile(name), ...more],
  ]);
}

/** RSA, as most clusters have it. */
async function makeServiceAccountKey(): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await writeFile(keyFile("service-accounts"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  await writeFile(serviceAccountPublicKeyFile, publicKey.export({ type: "spki", format: "pem" }));
}

function entries<Name extends string, Value>(record: Readonly<Record<Name, Value>>): readonly [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
