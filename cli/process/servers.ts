import type { Server } from "node:net";

/** Resolves when the server takes connections, on every address: IPv6 too where the node has it. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Takes no more connections, and resolves when the requests at hand have been answered. */
export function drain(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
