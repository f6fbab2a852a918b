import { z } from "zod";
import { deployment } from "./application.ts";
import { apply, kubectl, waitFor } from "./kubectl.ts";
import { audienceOf, managedIdentity, protectedResource, readerOf } from "./objects.ts";

const countsSchema = z.object({ cached: z.number(), fresh: z.number(), failed: z.number() });
const lineSchema = z.union([countsSchema, z.object({ at: z.string(), failure: z.string() })]);

interface Account {
  /** Tokens that were newly signed. */
  readonly fresh: number;
  /** Tokens from memory. */
  readonly cached: number;
  readonly failures: readonly string[];
}

/** An application that asks for tokens all the time, as the Deployment `asking` of a namespace. */
export async function startAsking(namespace: string): Promise<void> {
  await apply(
    managedIdentity({ namespace, name: "orders" }, ["default"]),
    protectedResource(namespace),
    readerOf(namespace, "orders", { managedIdentity: "orders" }),
    // It starts once there is a token for it: a failure is never that of a beginning.
    deployment({
      ...{ namespace, name: "asking", command: ["ask-forever.ts", audienceOf(namespace)] },
      annotations: { "lanyard.dev/gate": audienceOf(namespace) },
    }),
  );
  await waitFor(namespace, "Available", "deployment/asking");
}

/** What it has counted until now. */
export async function accountOf(namespace: string): Promise<Account> {
  const log = await kubectl("logs", `--namespace=${namespace}`, "deployment/asking", "--container=app");
  const lines = log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const counts = lines.flatMap((line) => ("fresh" in line ? line : [])).at(-1);
  return {
    ...{ fresh: 0, cached: 0, ...counts },
    failures: lines.flatMap((line) => ("failure" in line ? `${line.at} ${line.failure}` : [])),
  };
}
