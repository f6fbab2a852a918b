/** The issuer's clock is five minutes off those of the API server, the nodes, the pods and the services. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployment } from "../support/application.ts";
import { askFrom, claimsIn } from "../support/ask.ts";
import { accountOf, startAsking } from "../support/asking.ts";
import { SYSTEM } from "../support/helm.ts";
import { apply, kubectl, waitFor } from "../support/kubectl.ts";
import { useNamespaces } from "../support/namespaces.ts";
import { audienceOf } from "../support/objects.ts";
import { describeOnCluster } from "../support/on-cluster.ts";

const namespace = "e2e-clock-skew";
const audience = audienceOf(namespace);
const FIVE_MINUTES = 300;
const secondsNow = (): number => Date.now() / 1000;

describeOnCluster("a clock that is five minutes off", () => {
  useNamespaces(namespace);

  beforeAll(() => startAsking(namespace));
  afterAll(() => setIssuerEnvironment("NODE_OPTIONS-"));

  describe.each([
    { name: "ahead", skewSeconds: FIVE_MINUTES },
    { name: "behind", skewSeconds: -FIVE_MINUTES },
  ])("$name, at the issuer", ({ name, skewSeconds }) => {
    beforeAll(() => setIssuerEnvironment(`NODE_OPTIONS=--import=${clockOffBy(skewSeconds)}`));

    test("gives tokens that a service with the right clock takes, and will for long enough", async () => {
      const ask = async () => claimsIn(await askFrom(namespace, "deployment/asking", audience, "&bypass_cache=true"));
      // A replica that is asked to end still answers for some seconds.
      await expect.poll(async () => Math.abs((await ask()).iat - secondsNow() - skewSeconds)).toBeLessThan(30);
      const claims = await ask();
      expect(claims.nbf).toBeLessThan(secondsNow());
      expect(claims.exp).toBeGreaterThan(secondsNow() + 3600 - FIVE_MINUTES - 30);
    });

    test("lets new pods start, though the API server dates their tokens otherwise", async () => {
      await apply(deployment({ namespace, name }));
      await waitFor(namespace, "Available", `deployment/${name}`);
      expect(claimsIn(await askFrom(namespace, `deployment/${name}`, audience)).roles).toEqual(["reader"]);
    });

    test("is noticed by no application", async () => {
      expect((await accountOf(namespace)).failures).toEqual([]);
    });
  });
});

/** A module that is loaded before the issuer, and sets the only clock that it asks. */
function clockOffBy(seconds: number): string {
  const code = `
    const Real = Date;
    const now = () => Real.now() + ${seconds * 1000};
    globalThis.Date = class extends Real {
      constructor(...given) { super(...(given.length > 0 ? given : [now()])); }
      static now() { return now(); }
    };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

async function setIssuerEnvironment(variable: string): Promise<void> {
  const issuer = [`--namespace=${SYSTEM}`, "deployment/lanyard-issuer"];
  await kubectl("set", "env", ...issuer, variable);
  await kubectl("rollout", "status", ...issuer, "--timeout=80s");
}
