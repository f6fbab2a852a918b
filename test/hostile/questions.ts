import { plainPod, review } from "../webhook/reviews.ts";
import type { Arena } from "./attack.ts";
import { exchangeBody } from "./attacks/issuer-attacks.ts";
import type { Question } from "./bystander.ts";
import { issuerHost, type ProcessName } from "./plane.ts";
import { send } from "./send.ts";
import { bystanderAudience, vaultAudience, vaultName } from "./world.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const vaultHost = `${vaultName.name}.${vaultName.namespace}.svc`;

/** What the bystander asks each process, over and over: a token, a secret, an admission. */
export async function bystanderQuestions(arena: Arena): Promise<Readonly<Record<ProcessName, Question>>> {
  const { ports, operationsPorts, ca, world, endpointHeader } = arena;
  const issuerTls = { ca, servername: issuerHost };
  const exchange = (audience: string) => ({
    ...({ port: ports.issuer, path: "/oauth2/token", method: "POST", headers: form, tls: issuerTls } as const),
    body: exchangeBody(world.bystander.token, audience),
  });
  const answer = await send(exchange(vaultAudience));
  if (answer.status !== 200) throw new Error(`The bystander got no token for the vault: ${answer.body}`);
  const authorization = `Bearer ${JSON.parse(answer.body).access_token}`;
  const vault = {
    ...{ port: ports.vault, path: "/secrets/orders?api-version=7.5", tls: { ca, servername: vaultHost } },
    headers: { host: vaultHost, authorization, "content-type": "application/json" },
  };
  const written = await send({ ...vault, method: "PUT", body: JSON.stringify({ value: "a password" }) });
  if (written.status !== 200) throw new Error(`The bystander could not write its secret: ${written.body}`);
  const token = `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(bystanderAudience)}`;
  return {
    issuer: { asked: { port: ports.issuer, path: "/keys", tls: issuerTls }, status: 200 },
    webhook: {
      asked: {
        ...{ port: ports.webhook, path: "/inject", method: "POST", headers: { "content-type": "application/json" } },
        tls: { ca, servername: "lanyard-webhook.lanyard-system.svc" },
        body: JSON.stringify(review({ object: plainPod })),
      },
      status: 200,
    },
    vault: { asked: vault, status: 200 },
    sidecar: {
      asked: { port: ports.sidecar, path: token, headers: { "x-identity-header": endpointHeader } },
      status: 200,
    },
    operator: { asked: { port: operationsPorts.operator, path: "/readyz" }, status: 200 },
  };
}
