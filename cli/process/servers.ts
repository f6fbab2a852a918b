import type { AddressInfo, Server } from "node:net";

/** Resolves with the port when the server takes connections, on every address: IPv6 too where the node has it. Port 0 takes any. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more connections, and resolves when the requests at hand have been answered. */
export function drain(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
