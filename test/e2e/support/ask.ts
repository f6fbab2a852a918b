import { z } from "zod";
import { kubectl } from "./kubectl.ts";

const claimsSchema = z.looseObject({
  iss: z.string(),
  iat: z.number(),
  nbf: z.number(),
  exp: z.number(),
  sub: z.string(),
  azp: z.string(),
  roles: z.array(z.string()),
  xms_mirid: z.string(),
  "kubernetes.io": z.looseObject({ namespace: z.string(), pod: z.looseObject({ name: z.string() }) }),
});
export type Claims = z.infer<typeof claimsSchema>;

const replySchema = z.union([z.object({ status: z.number(), body: z.unknown() }), z.object({ error: z.string() })]);
/** What came back, or why nothing did. */
export type Reply = z.infer<typeof replySchema>;

export interface Request {
  /** A path is one of the pod's own token endpoint. */
  readonly url: string;
  /** The audience whose token goes along. */
  readonly as?: string;
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request from a pod, which is named as `kubectl exec` wants it: `deployment/web`. */
export async function requestFrom(namespace: string, pod: string, request: Request): Promise<Reply> {
  const command = ["/usr/local/bin/node", "/application/request.ts", JSON.stringify(request)];
  const line = await kubectl("exec", `--namespace=${namespace}`, pod, "--container=app", "--", ...command);
  return replySchema.parse(JSON.parse(line));
}

/** Asks a pod's own endpoint for a token. `query` is what stands behind the audience, such as `&client_id=…`. */
export function askFrom(namespace: string, pod: string, audience: string, query = ""): Promise<Reply> {
  return requestFrom(namespace, pod, { url: `/token?audience=${audience}${query}` });
}

/** The claims of the token that was granted. */
export function claimsIn(reply: Reply): Claims {
  const body = "body" in reply ? reply.body : undefined;
  const { success, data } = z.looseObject({ claims: claimsSchema }).safeParse(body);
  if (!success) throw new Error(`expected a token, got ${JSON.stringify(reply)}`);
  return data.claims;
}

/** A refusal as the plain dialect words it, for `toMatchObject`. */
export function refusedAs(code: string): object {
  return { body: { error_code: code } };
}
