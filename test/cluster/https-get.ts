import { readFile } from "node:fs/promises";
import { type RequestOptions, request } from "node:https";
import { certificateFile, keyFile } from "./certificates.ts";
import { ports } from "./layout.ts";

const TIMEOUT_MS = 2000;

/** The status of the API server's answer to the administrator. */
export async function apiStatus(address: string, path: string): Promise<number> {
  const [ca, cert, key] = await Promise.all(
    [certificateFile("ca"), certificateFile("admin"), keyFile("admin")].map((file) => readFile(file)),
  );
  return httpsStatus({ host: address, port: ports.api, path, ca, cert, key });
}

/** Whether a component that signs its own certificate says that it is well. */
export async function isHealthy(port: number): Promise<boolean> {
  return (await httpsStatus({ host: "127.0.0.1", port, path: "/healthz", rejectUnauthorized: false })) === 200;
}

/** The status of the reply to a GET. */
export function httpsStatus(options: RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer")));
    sent.once("error", reject);
    sent.end();
  });
}
