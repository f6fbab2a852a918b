/**
 * `node request.ts JSON`: sends one request and prints the reply as one line of JSON. A path instead of a URL means the
 * token endpoint of this pod; `as` is an audience, whose token goes along.
 */
import { withoutToken } from "./claims.ts";
import { trustCluster } from "./trust.ts";

interface Asked {
  readonly url: string;
  readonly as?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const endpoint = process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST;

async function send({ url, as, method = "GET", headers = { Metadata: "true" }, body }: Asked): Promise<object> {
  const authorization = as === undefined ? {} : { authorization: `Bearer ${await tokenFor(as)}` };
  const response = await fetch(new URL(url, endpoint), {
    ...{ method, headers: { ...headers, ...authorization }, signal: AbortSignal.timeout(5_000) },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: withoutToken(await response.text()) };
}

async function tokenFor(audience: string): Promise<string> {
  const response = await fetch(new URL(`/token?audience=${audience}`, endpoint), { headers: { Metadata: "true" } });
  const body = (await response.json()) as { readonly access_token?: string };
  if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
  return body.access_token;
}

/** What `connect` said; fetch itself only says that it failed. */
function complaint(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && "code" in cause ? String(cause.code) : `${error.name}: ${error.message}`;
}

trustCluster();
const asked = JSON.parse(process.argv[2] ?? "") as Asked;
console.log(JSON.stringify(await send(asked).catch((error: unknown) => ({ error: complaint(error) }))));
