import { z } from "zod";
import { dnsSubdomainPattern } from "./dns-name.ts";

/** A part of a resource: a path of one or two pairs of a kind and a name, such as `secrets/db-password`. */
const segment = dnsSubdomainPattern.slice(1, -1);
const pair = `${segment}/${segment}`;
const subresource = new RegExp(`^${pair}(?:/${pair})?$`);
const longest = 253;

export const isSubresource = (text: string): boolean => text.length <= longest && subresource.test(text);

export const subresourceSchema = z
  .string()
  .max(longest)
  .regex(subresource, 'expected a kind and a name in lower case, such as "secrets/db-password"');
