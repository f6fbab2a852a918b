import type { Clock } from "../clock.ts";

/** Now in RFC 3339, to the second, as Kubernetes writes `creationTimestamp` and its like. */
export const timestamp = (clock: Clock): string => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
