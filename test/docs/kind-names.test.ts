import { describe, expect, test } from "vitest";
import { customResources } from "../../identity/custom-resources.ts";
import { pages, read } from "./markdown.ts";

/** Short names that Kubernetes and widespread CRDs have: `kubectl get pr` must not change its meaning on install day. */
const taken: Readonly<Record<string, readonly string[]>> = {
  kubernetes: [
    ...["bs", "cm", "cs", "ds", "deploy", "ep", "ev", "hpa", "ing", "limits", "netpol", "no", "ns", "pc", "pdb", "po"],
    ...["pv", "pvc", "quota", "rc", "rs", "sa", "sc", "sts", "svc", "cj", "csr", "crd", "crds", "pcr", "vac"],
  ],
  tekton: ["pr", "prs", "tr", "trs", "el", "tb", "tt", "ctb", "ri", "et"],
  "cert-manager": ["cert", "certs", "cr", "crs", "issuer", "ciss"],
  argo: [
    "app",
    "apps",
    "appset",
    "appsets",
    "appproj",
    "appprojs",
    "wf",
    "cwf",
    "wftmpl",
    "cwft",
    "ro",
    "ar",
    "at",
    "exp",
  ],
  istio: ["vs", "dr", "gw", "se", "we", "wg", "pa", "ap", "ra", "tm"],
  "gateway-api": ["gtw", "gc", "hr", "refgrant", "btp", "xbtpolicy", "lset"],
  crossplane: ["xrd", "xrds", "comp", "comprev", "pkg", "pc", "pcu"],
  flux: ["ks", "hr", "gitrepo", "ocirepo", "helmrepo", "hc"],
  "ovn-kubernetes": ["eip", "ra", "udn", "cudn", "apbexternalroute", "egressfirewall"],
  keda: ["so", "sj", "ta", "cta"],
  knative: ["kservice", "ksvc", "rt", "cfg", "rev", "kcert", "sks", "dm"],
  openshift: ["bc", "dc", "is", "istag", "oauthclient", "mc", "mcp", "co", "csv", "sub", "og", "ip"],
  "external-secrets": ["es", "ces", "ss", "css", "ps"],
  kubevault: ["rd"],
  velero: ["bsl", "vsl"],
  "cluster-api": ["cl", "ma", "ms", "md", "mhc", "mp", "kcp"],
};
/** Plurals that another widespread group has: without the group it depends on the cluster which kind is meant. */
const sharedPlurals = /kubectl [^`\n]*\b(?:roleassignments?|roledefinitions?)\b(?!\.lanyard\.dev)/;

describe("names of kinds", () => {
  const owners = customResources.flatMap(({ shortName }) =>
    Object.entries(taken).flatMap(([owner, names]) => (names.includes(shortName) ? [`${owner}: ${shortName}`] : [])),
  );
  test("no short name is one that a widespread CRD has", () => expect(owners).toEqual([]));

  test("no two kinds share one", () => {
    const names = customResources.map(({ shortName }) => shortName);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(pages())("%s writes plurals that another group has with their group", (page) => {
    expect(sharedPlurals.exec(read(page))?.[0]).toBeUndefined();
  });
});
