import { expect, test } from "vitest";
import { z } from "zod";
import { ofKind, type Rendered, render } from "./chart.ts";

const issuerRefSchema = z.looseObject({ name: z.string(), kind: z.string() });
const certificateSchema = z.looseObject({
  spec: z.looseObject({
    secretName: z.string(),
    dnsNames: z.array(z.string()).default([]),
    issuerRef: issuerRefSchema,
  }),
});

const withCertManager = (settings = {}, others = {}): Promise<Rendered[]> =>
  render({ values: { certificates: { certManager: { enabled: true, ...settings } }, ...others } });

const certificates = (objects: readonly Rendered[]) =>
  ofKind(objects, "Certificate").map((object) => ({
    name: object.metadata.name,
    ...certificateSchema.parse(object).spec,
  }));

test("without cert-manager there is no object of its", async () => {
  expect((await render()).filter(({ apiVersion }) => apiVersion.startsWith("cert-manager.io/"))).toEqual([]);
});

test("webhook and issuer have a certificate each, in the Secret that they read, for the name they are called by", async () => {
  const serving = certificates(await withCertManager()).filter(({ dnsNames }) => dnsNames.length > 0);
  expect(serving.map(({ secretName, dnsNames }) => [secretName, dnsNames[0]]).sort()).toEqual([
    ["lanyard-issuer-serving", "lanyard-issuer.lanyard-system.svc"],
    ["lanyard-webhook-serving", "lanyard-webhook.lanyard-system.svc"],
  ]);
});

test("a certificate ends in the cluster's own domain too", async () => {
  const names = async (values: object): Promise<string[]> =>
    certificates(await withCertManager({}, values)).flatMap(({ dnsNames }) => dnsNames);
  expect(await names({})).toContain("lanyard-issuer.lanyard-system.svc.cluster.local");
  const moved = await names({ clusterDomain: "k8s.example" });
  expect(moved).toContain("lanyard-issuer.lanyard-system.svc.k8s.example");
  expect(moved.join()).not.toContain("cluster.local");
});

test("its CA may sign for the domains of Services alone where cert-manager can say so", async () => {
  const [plain] = certificates(await withCertManager());
  expect(plain).not.toHaveProperty("nameConstraints");
  const values = { clusterDomain: "k8s.example", issuer: { url: "https://id.example.com" } };
  const [ca] = certificates(await withCertManager({ nameConstraints: true }, values));
  expect(ca).toMatchObject({
    nameConstraints: {
      critical: true,
      permitted: { dnsDomains: ["svc", "svc.k8s.example", "id.example.com"] },
      excluded: { ipRanges: ["0.0.0.0/0", "::/0"] },
    },
  });
});

test("its CA may also sign for the domain of vaults", async () => {
  const vault = { enabled: true, domain: "vault.example.com" };
  const [ca] = certificates(await withCertManager({ nameConstraints: true }, { vault }));
  expect(ca).toMatchObject({
    nameConstraints: { permitted: { dnsDomains: ["svc", "svc.cluster.local", "vault.example.com"] } },
  });
});

test("an issuer with a public URL has that name too", async () => {
  const objects = await withCertManager({}, { issuer: { url: "https://id.example.com/lanyard" } });
  const [issuer] = certificates(objects).filter(({ name }) => name === "lanyard-issuer-serving");
  expect(issuer?.dnsNames).toContain("id.example.com");
});

test("by default a CA of the release signs them", async () => {
  const objects = await withCertManager();
  const [ca, ...leaves] = certificates(objects);
  expect(ca).toMatchObject({ name: "lanyard-ca", isCA: true, issuerRef: { name: "lanyard-self-signed" } });
  expect(leaves.map(({ issuerRef }) => `${issuerRef.kind} ${issuerRef.name}`)).toEqual([
    "Issuer lanyard-ca",
    "Issuer lanyard-ca",
  ]);
  expect(
    ofKind(objects, "Issuer")
      .map(({ metadata }) => metadata.name)
      .sort(),
  ).toEqual(["lanyard-ca", "lanyard-self-signed"]);
});

test("an issuer that exists signs them instead", async () => {
  const issuerRef = { name: "company", kind: "ClusterIssuer", group: "cert-manager.io" };
  const objects = await withCertManager({ issuerRef });
  expect(certificates(objects).map((certificate) => certificate.issuerRef)).toEqual([issuerRef, issuerRef]);
  expect(ofKind(objects, "Issuer")).toEqual([]);
});

test("cert-manager never writes the Secret of the operator's own CA", async () => {
  expect(certificates(await withCertManager()).map(({ secretName }) => secretName)).not.toContain("lanyard-ca");
});
