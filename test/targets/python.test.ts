import { describe } from "vitest";
import { startHttpService } from "./http-target.ts";
import { programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { specifyTarget } from "./specify-target.ts";

describe("a Python service with PyJWT", () => {
  specifyTarget({
    folder: "python",
    audience: "https://forecasts.forecasts.svc",
    allowedSays: /^200 .*"caller": "\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403 .*the role forecast-reader is missing/m,
    withoutRole: "forbidden",
    blindTo: [],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      return startHttpService({
        service: [programs.python, `${examples}/python/service.py`],
        client: [programs.python, `${examples}/python/client.py`],
        issuer,
      });
    },
  });
});
