import { describe, expect, test } from "vitest";
import { withClaims } from "./forgeries.ts";
import { missingPackages, programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { type RunningRabbitMq, startRabbitMq } from "./rabbitmq.ts";
import { specifyTarget } from "./specify-target.ts";

describe.skipIf(missingPackages().includes("rabbitmq-server"))("RabbitMQ with its OAuth 2 plugin", () => {
  let broker: RunningRabbitMq;

  const world = specifyTarget({
    folder: "rabbitmq",
    audience: "https://rabbitmq.messaging.svc",
    allowedSays: /^published$/m,
    forbiddenSays: /ACCESS_REFUSED - access to exchange 'orders' in vhost 'shop' refused for user/,
    withoutRole: "forbidden",
    blindTo: ["is not good yet", "says another issuer", "is not an access token"],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      broker = await startRabbitMq(issuer);
      return broker;
    },
  });

  describe("with permissions by role and vhost", () => {
    test("lets the consumer's identity consume what the publisher's published", async () => {
      const { code, output } = await run("shop/reports", "consume");
      expect(output).toMatch(/^consumed 12 apples$/m);
      expect(code).toBe(0);
    });

    test("does not let the publisher consume", async () => {
      const { code, output } = await run("shop/orders", "consume");
      expect(output).toMatch(/ACCESS_REFUSED - access to queue 'orders' in vhost 'shop' refused for user/);
      expect(code).toBe(1);
    });

    test("does not let the publisher into another vhost", async () => {
      expect(await broker.presentAt("finance", world().genuine.token)).toBe("forbidden");
    });

    test("gives a role that names a scope of the broker nothing", async () => {
      const scope = "https://rabbitmq.messaging.svc.configure:*/*";
      expect(await broker.present(await withClaims({ roles: [scope] }, world().genuine))).toBe("forbidden");
    });

    test("knows no user with a password", async () => {
      expect(await broker.present("guest")).toBe("refused");
    });
  });

  function run(caller: "shop/orders" | "shop/reports", action: "publish" | "consume") {
    const client = `${examples}/rabbitmq/client.py`;
    return world().plane.runAs(caller, [programs.python, client, action, String(broker.port)]);
  }
});
