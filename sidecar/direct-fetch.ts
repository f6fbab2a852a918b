/**
 * Removes every variable that is not Lanyard's from this process, before its first connection. Bun reads the others
 * when it connects: a proxy (`HTTP_PROXY`, `https_proxy`, `ALL_PROXY`, in any spelling), and
 * `NODE_TLS_REJECT_UNAUTHORIZED`, which turns verification off. Another webhook may set them in every container.
 */
export function forgetForeignVariables(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith("LANYARD_")) delete environment[name];
  }
}

/**
 * `fetch` as this process uses it: without a proxy, with certificates verified, and without the log of requests that
 * `BUN_CONFIG_VERBOSE_FETCH` asks for, which shows tokens. https://bun.com/docs/runtime/networking/fetch
 */
export const directFetch: typeof fetch = (input, init) =>
  fetch(input, { ...init, proxy: false, verbose: false, tls: { ...init?.tls, rejectUnauthorized: true } });
