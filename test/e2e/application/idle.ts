/** An application that only waits until it is asked to do something by `kubectl exec`. */
process.once("SIGTERM", () => process.exit(0));
setInterval(() => {}, 60_000);
console.log("started");
