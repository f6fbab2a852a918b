/** `node idle.ts [stubborn]`: only waits until it is asked to do something by `kubectl exec`, or to end. */
if (process.argv[2] === "stubborn") process.on("SIGTERM", () => {});
else process.once("SIGTERM", () => process.exit(0));
setInterval(() => {}, 60_000);
