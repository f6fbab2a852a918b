import { connect as connectTcp, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

interface Idle {
  readonly port: number;
  /** Connections that complete their handshake and then say nothing. */
  readonly tls: number;
  /** Connections that say nothing at all. */
  readonly tcp: number;
}

const HOLD_MS = 10_000;
const AT_ONCE = 100;

/** Opens the connections from eight addresses, and holds them until this process ends or the hold time is over. */
export async function holdIdleConnections({ port, tls, tcp }: Idle): Promise<undefined> {
  const sockets: Socket[] = [];
  for (let number = 0; number < tls + tcp; number += AT_ONCE) {
    const opening = Array.from({ length: AT_ONCE }, (_, offset) => {
      const to = { host: "127.0.0.1", port, localAddress: `127.0.1.${1 + (offset % 8)}` };
      const socket = number < tls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to);
      sockets.push(socket);
      return opened(socket, number < tls ? "secureConnect" : "connect");
    });
    await Promise.all(opening);
  }
  await sleep(HOLD_MS);
  for (const socket of sockets) socket.destroy();
  return undefined;
}

function opened(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => {
    socket
      .once(event, () => resolve())
      .once("error", () => resolve())
      .once("close", () => resolve());
  });
}
