import { describe } from "vitest";
import { startHttpService } from "./http-target.ts";
import { programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { specifyTarget } from "./specify-target.ts";

const validators = [
  { given: "its default validator, which wants typ JWT", audience: "https://ledger.ledger.svc", profile: "default" },
  { given: "its validator for RFC 9068", audience: "https://invoices.ledger.svc", profile: "rfc9068" },
];

describe.each(validators)("a Spring Boot resource server with $given", ({ audience, profile }) => {
  specifyTarget({
    folder: "spring-boot",
    audience,
    allowedSays: /^200 .*"caller":"\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403/m,
    withoutRole: "forbidden",
    blindTo: [],
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      return startHttpService({
        service: [programs.java, "-jar", programs.springJar, `--spring.profiles.active=${profile}`],
        client: [process.execPath, `${examples}/node/client.ts`],
        issuer,
        unavailableStatus: 500,
      });
    },
  });
});
