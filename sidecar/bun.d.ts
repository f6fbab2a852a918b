/** The few of Bun's functions that serve.ts uses: https://bun.com/docs/runtime/http/server and …/file-io. */
declare const Bun: {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly development: false;
    readonly fetch: (request: Request) => Response | Promise<Response>;
  }): BunServer;
  file(path: string): { text(): Promise<string> };
};

interface BunServer {
  readonly port: number;
}

/** What Bun's fetch takes besides: https://bun.com/docs/runtime/networking/fetch */
interface RequestInit {
  readonly tls?: { readonly ca?: string; readonly serverName?: string; readonly rejectUnauthorized?: true };
  readonly proxy?: false;
  readonly verbose?: false;
}
