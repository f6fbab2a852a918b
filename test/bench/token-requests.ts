import { Agent, get } from "node:http";
import { audiences } from "./issuer-world.ts";

/** What an application asks, here and under load. */
export const TOKEN_PATH = `/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${encodeURIComponent(audiences.RS256)}`;
export const REFRESH_PATH = `${TOKEN_PATH}&bypass_cache=true`;
export const TOKEN_HEADER = "Metadata: true";

/** Exactly so many requests over so many connections that stay open. Rejects unless each gets a token. */
export async function sendRequests(
  port: number,
  path: string,
  { requests, connections }: { readonly requests: number; readonly connections: number },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requests;
  const client = async (): Promise<void> => {
    while (left-- > 0) await request(port, path, agent);
  };
  try {
    await Promise.all(Array.from({ length: connections }, client));
  } finally {
    agent.destroy();
  }
}

function request(port: number, path: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent, headers: { metadata: "true" } }, (response) => {
      response.resume();
      response.once("error", reject);
      response.once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the token endpoint answered ${response.statusCode} to ${path}`));
      });
    }).once("error", reject);
  });
}
