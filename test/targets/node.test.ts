import { describe } from "vitest";
import { startHttpService } from "./http-target.ts";
import { examples } from "./plane.ts";
import { specifyTarget } from "./specify-target.ts";

describe("a Node service with jose", () => {
  specifyTarget({
    folder: "node",
    audience: "https://inventory.inventory.svc",
    allowedSays: /^200 .*"caller":"\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403 .*the role stock-reader is missing/m,
    withoutRole: "forbidden",
    blindTo: [],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      return startHttpService({
        service: [process.execPath, `${examples}/node/service.ts`],
        client: [process.execPath, `${examples}/node/client.ts`],
        issuer,
      });
    },
  });
});
