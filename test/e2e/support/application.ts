import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { injection } from "../../../identity/names.ts";
import manifest from "../../../package.json" with { type: "json" };
import { type Name, restricted } from "./objects.ts";

/** Has Node in it, and every node of the cluster has it. */
export const IMAGE = `localhost/lanyard/lanyard:${manifest.version}`;
const FOLDER = "/application";
const folder = join(import.meta.dirname, "../application");

/** The programs of test/e2e/application, for the pods of one namespace. */
export function programs(namespace: string): object {
  const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
  const data = { ...Object.fromEntries(files), "package.json": '{"type":"module"}' };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: "application" }, data };
}

/** How an application of the suite differs from the others. */
export interface Application extends Name {
  readonly serviceAccount?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** The program and its arguments; without them it idles. */
  readonly command?: readonly [program: string, ...args: string[]];
  readonly container?: object;
  /** How long it may take to end, in seconds. */
  readonly graceSeconds?: number;
}

/** A pod's spec, or a template's. */
export function podSpec(application: Application): object {
  const { serviceAccount = "default", command = ["idle.ts"], container = {}, graceSeconds = 1 } = application;
  const [program, ...args] = command;
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: graceSeconds,
    containers: [
      {
        name: "app",
        image: IMAGE,
        command: ["/usr/local/bin/node", `${FOLDER}/${program}`, ...args],
        securityContext: restricted,
        volumeMounts: [
          { name: "application", mountPath: FOLDER },
          { name: "trust", mountPath: "/trust" },
        ],
        ...container,
      },
    ],
    volumes: [
      { name: "application", configMap: { name: "application" } },
      { name: "trust", projected: { sources: trusted } },
    ],
  };
}

const trusted = [
  { name: injection.trustBundle, key: injection.trustBundleKey, path: "issuer.crt" },
  { name: "kube-root-ca.crt", key: "ca.crt", path: "kubernetes.crt" },
].map(({ name, key, path }) => ({ configMap: { name, optional: true, items: [{ key, path }] } }));

export function pod(application: Application): object {
  const { namespace, name, annotations, labels } = application;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels, annotations },
    spec: { ...podSpec(application), restartPolicy: "Never" },
  };
}

/** Of one pod. The annotations are on the workload and on its pod. */
export function deployment(application: Application): object {
  const { namespace, name, annotations, labels } = application;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name, annotations },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels }, annotations }, spec: podSpec(application) },
    },
  };
}
