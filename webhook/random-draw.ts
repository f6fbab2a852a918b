import { randomBytes } from "node:crypto";
import type { RandomDraw } from "./inject/facts.ts";

/** 32 hexadecimal digits: no process can guess the header that stands for "runs in this container". */
export function randomWord(): string {
  return randomBytes(16).toString("hex");
}

const HEXADECIMAL = 16;
/** As many digits as a whole number holds without loss. */
const DIGITS = 8;

export function draw(random: () => string): RandomDraw {
  return { header: random(), number: Number.parseInt(random().slice(0, DIGITS), HEXADECIMAL) };
}
