// Run by `helm test`, in a pod of its own: what an injected pod needs, as it would reach it. A failure ends it with 1.
const { WEBHOOK, ISSUER, ISSUER_URL } = process.env;

const check = async (what, url, isRight) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const body = await response.text();
  if (!response.ok || !isRight(body)) throw new Error(`${what}: ${url} replied ${response.status} ${body}`);
  process.stdout.write(`${what}: well\n`);
};

await check("The webhook is ready", `http://${WEBHOOK}:9090/readyz`, () => true);
await check("The issuer is ready", `http://${ISSUER}:9090/readyz`, () => true);
await check(
  "The issuer tells its name, over TLS with a certificate of the trust bundle",
  `https://${ISSUER}/.well-known/openid-configuration`,
  (body) => JSON.parse(body).issuer === ISSUER_URL,
);
await check("The issuer has a key to sign with", `https://${ISSUER}/keys`, (body) => JSON.parse(body).keys.length > 0);
