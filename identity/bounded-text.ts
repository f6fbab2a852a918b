import { z } from "zod";

/**
 * Free text of at most so many characters, counted as the API server counts them: in code points. JavaScript counts
 * UTF-16 units, and would refuse to read an object that the API server took.
 */
export function boundedText(maxLength: number): z.ZodString {
  return z
    .string()
    .refine(
      (text) => text.length <= maxLength || [...text].length <= maxLength,
      `expected at most ${maxLength} characters`,
    )
    .meta({ maxLength });
}
