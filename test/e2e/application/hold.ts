/** `node hold.ts NAME`: an init container that holds its pod until its file exists, so that a test can change the pod's network first. */
import { existsSync } from "node:fs";

setInterval(() => {
  if (existsSync("/tmp/go")) process.exit(0);
}, 50);
