import { join } from "node:path";
import { describe } from "vitest";
import type { Command } from "./child.ts";
import type { ForgeryName } from "./forgeries.ts";
import { startHttpService } from "./http-target.ts";
import { programs } from "./installation.ts";
import { examples } from "./plane.ts";
import { specifyTarget } from "./specify-target.ts";

/** Validators of the profile itself: they refuse a token that lacks one claim of RFC 9068 §2.2. */
const folder = join(import.meta.dirname, "rfc9068");
interface Validator {
  readonly given: string;
  readonly service: Command;
  readonly blindTo: readonly ForgeryName[];
}

/** authlib takes every algorithm for which the issuer publishes a key. */
const anyAlgorithm = "is signed by the issuer's key of another algorithm";
const validators: readonly Validator[] = [
  {
    given: "Python's authlib",
    service: [programs.authlib, join(folder, "service.py")] as const,
    blindTo: [anyAlgorithm],
  },
  { given: "JavaScript's oauth4webapi", service: [process.execPath, join(folder, "service.ts")], blindTo: [] },
];

describe.each(validators)("an RFC 9068 validator: $given", ({ service, blindTo }) => {
  specifyTarget({
    folder: "python",
    audience: "https://forecasts.forecasts.svc",
    allowedSays: /^200 .*"caller": ?"\/namespaces\/shop\/managedIdentities\/orders"/m,
    forbiddenSays: /^403 .*the role forecast-reader is missing/m,
    withoutRole: "forbidden",
    blindTo,
    async start({ issuer, issuerGoes }) {
      await issuerGoes();
      return startHttpService({ service, client: [process.execPath, `${examples}/node/client.ts`], issuer });
    },
  });
});
