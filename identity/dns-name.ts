import { z } from "zod";

/** Names as Kubernetes takes them (RFC 1123). https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const dnsLabel = new RegExp(`^${label}$`);
const dnsSubdomain = new RegExp(`^${label}(?:\\.${label})*$`);

export const dnsLabelPattern = dnsLabel.source;
export const dnsSubdomainPattern = dnsSubdomain.source;

/** A namespace's or a Service's name: at most 63 characters. */
export const isDnsLabel = (text: string): boolean => text.length <= 63 && dnsLabel.test(text);

/** Most other objects' names: at most 253 characters. */
export const isDnsSubdomain = (text: string): boolean => text.length <= 253 && dnsSubdomain.test(text);

/** The name of an object that a person writes. */
export const objectNameSchema = z
  .string()
  .max(253)
  .regex(dnsSubdomain, 'expected a name of lower-case letters, digits, "-" and ".", such as "orders"');

export const namespaceNameSchema = z
  .string()
  .max(63)
  .regex(dnsLabel, 'expected a namespace name of lower-case letters, digits and "-", such as "shop"');
