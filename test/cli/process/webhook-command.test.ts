import { expect, test } from "vitest";
import { webhookCommand } from "../../../cli/process/webhook-command.ts";
import type { WebhookOptions } from "../../../cli/process/webhook-process.ts";

/** The options that arguments give, without starting anything. */
function optionsOf(...args: readonly string[]): WebhookOptions {
  let options: WebhookOptions | undefined;
  webhookCommand("1.2.3")
    .exitOverride()
    .configureOutput({ writeErr() {} })
    .action((given: WebhookOptions) => {
      options = given;
    })
    .parse(args, { from: "user" });
  if (options === undefined) throw new TypeError("the command did not run");
  return options;
}

test("requires the image of the sidecar, and assumes no registry", () => {
  expect(() => optionsOf()).toThrow("required option '--sidecar-image <image>' not specified");
  expect(optionsOf("--sidecar-image=registry.example/sidecar@sha256:0a").sidecarImage).toBe(
    "registry.example/sidecar@sha256:0a",
  );
});

test("takes the timeout of the webhook configurations, which is 1 to 30 s", () => {
  const image = "--sidecar-image=registry.example/sidecar";
  expect(optionsOf(image).timeoutSeconds).toBe(5);
  expect(optionsOf(image, "--timeout-seconds=12").timeoutSeconds).toBe(12);
  for (const wrong of ["0", "31", "1.5", "5s"]) {
    expect(() => optionsOf(image, `--timeout-seconds=${wrong}`)).toThrow("Expected whole seconds from 1 to 30.");
  }
});
