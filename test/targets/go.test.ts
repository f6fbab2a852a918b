import { describe } from "vitest";
import { startHttpService } from "./http-target.ts";
import { programs } from "./installation.ts";
import { specifyTarget } from "./specify-target.ts";

describe("a Go service with go-oidc", () => {
  specifyTarget({
    folder: "go",
    audience: "https://prices.prices.svc",
    allowedSays: /^200 .*"caller":"\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403 .*the role price-reader is missing/m,
    withoutRole: "forbidden",
    blindTo: ["is not an access token"],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      return startHttpService({ service: [programs.goService], client: [programs.goClient], issuer });
    },
  });
});
