/** `node check-tokens.mjs ISSUER AUDIENCE`: a verdict for each token on standard input, one a line. */
import { createInterface } from "node:readline";
import { verifier } from "./verify.mjs";

const [issuer, audience] = process.argv.slice(2);
const verify = verifier(issuer, audience);
for await (const token of createInterface({ input: process.stdin })) {
  try {
    console.log(`good: ${(await verify(token)).sub}`);
  } catch (error) {
    console.log(`refused: ${error.message}`);
  }
}
