import { z } from "zod";
import type { LanguageName } from "../../conformance/languages.ts";
import { appImage } from "../images/app-images.ts";
import { kubectl } from "./kubectl.ts";
import { audienceOf, restricted } from "./objects.ts";

export interface SdkContainer {
  /** `once` asks for a token and ends, `loop` goes on asking. */
  readonly mode: "once" | "loop";
  readonly language: LanguageName;
  /** Where the service is that the token is for. */
  readonly namespace: string;
}

/** A container of a program with the unmodified SDK of a language. */
export function sdkContainer({ mode, language, namespace }: SdkContainer): object {
  return {
    name: mode,
    image: appImage(language),
    args: [mode],
    env: [{ name: "AUDIENCE", value: audienceOf(namespace) }],
    securityContext: restricted,
  };
}

export const claimsLine = z.object({
  claims: z.looseObject({ xms_mirid: z.string(), roles: z.array(z.string()), sub: z.string() }),
});
export const progressLine = z.object({ asked: z.number(), failed: z.number(), error: z.string().optional() });

/** The last line that a container wrote. */
export async function lastLine<Line>(source: readonly string[], schema: z.ZodType<Line>): Promise<Line> {
  const log = await kubectl("logs", "--tail=1", ...source);
  return schema.parse(JSON.parse(log));
}
