import { withFile } from "../../charts/chart.ts";
import { kubectl, type TestCluster } from "../test-cluster.ts";
import { type GuardCase, IDENTITY_OF_WEB, type Request, SHOP, type Target } from "./guard-case.ts";
import { users } from "./people.ts";

export type Outcome =
  /** As the API server would have stored it. */
  { readonly kind: "taken"; readonly object: string } | { readonly kind: "refused"; readonly message: string };

/**
 * What the API server says to a person who tries this. It goes through everything that a write goes through, and is not
 * kept, so that no attempt makes a difference to the next.
 */
export async function attempt(cluster: TestCluster, { who, request }: GuardCase): Promise<Outcome> {
  const person = [`--as=${users[who]}`, "--dry-run=server"];
  try {
    return { kind: "taken", object: await send(cluster, request, person) };
  } catch (error) {
    return { kind: "refused", message: String(error) };
  }
}

async function send(cluster: TestCluster, request: Request, person: readonly string[]): Promise<string> {
  switch (request.kind) {
    case "create":
      return sendObject(cluster, request.object, ["create", ...person]);
    case "apply": {
      const part = request.part === "object" ? [] : ["--subresource=status"];
      return sendObject(cluster, request.object, ["apply", "--server-side", "--force-conflicts", ...part, ...person]);
    }
    case "patch": {
      const change = ["--type=merge", "--output=json", `--patch=${JSON.stringify(request.patch)}`];
      return kubectl(cluster, "patch", ...(await nameOf(cluster, request.target)), ...change, ...person);
    }
    case "delete":
      return kubectl(cluster, "delete", ...(await nameOf(cluster, request.target)), ...person);
  }
}

function sendObject(cluster: TestCluster, object: object, command: readonly string[]): Promise<string> {
  return withFile(JSON.stringify(object), (file) =>
    kubectl(cluster, ...command, "--output=json", `--filename=${file}`),
  );
}

async function nameOf(cluster: TestCluster, { plural, name, namespace }: Target): Promise<readonly string[]> {
  const known = name === IDENTITY_OF_WEB ? await identityOfWeb(cluster) : name;
  const resource = plural === "namespaces" ? plural : `${plural}.lanyard.dev`;
  return [resource, known, ...(namespace === undefined ? [] : [`--namespace=${namespace}`])];
}

/** Empty until the operator has made it. */
export function identityOfWeb(cluster: TestCluster): Promise<string> {
  const path = '{.items[?(@.spec.workload.name=="web")].metadata.name}';
  return kubectl(cluster, "get", "managedidentities", `--namespace=${SHOP}`, `--output=jsonpath=${path}`);
}
