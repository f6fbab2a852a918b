import { describe, expect, test } from "vitest";
import { issuerRoute } from "../../sidecar/issuer-route.ts";
import { FakeClock } from "../support/fake-clock.ts";

const URL_BY_NAME = "https://lanyard-issuer.lanyard-system.svc/identities";
const URL_BY_ADDRESS = "https://10.96.0.5/identities";

function route(answer: (url: string, init?: RequestInit) => Promise<Response>, address: string | undefined) {
  const clock = new FakeClock();
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const send: typeof fetch = (url, init) => {
    asked.push({ url: String(url), init });
    return answer(String(url), init);
  };
  return { clock, asked, fetch: issuerRoute({ send, clock, address }) };
}

const ok = async () => new Response("{}");
const unresolved = async (url: string) => {
  if (url.startsWith("https://lanyard")) throw new Error("ENOTFOUND");
  return new Response("{}");
};
const hanging = (_url: string, init?: RequestInit): Promise<Response> =>
  new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));

describe("the way to the issuer", () => {
  test("is its name while that works", async () => {
    const { fetch, asked } = route(ok, "10.96.0.5");
    await fetch(URL_BY_NAME);
    await fetch(URL_BY_NAME);
    expect(asked.map(({ url }) => url)).toEqual([URL_BY_NAME, URL_BY_NAME]);
  });

  test("is its address where the name does not resolve, with the name still verified, and from then on", async () => {
    const { fetch, asked } = route(unresolved, "10.96.0.5");
    await fetch(URL_BY_NAME, { headers: { accept: "application/json" } });
    await fetch(URL_BY_NAME);
    expect(asked.map(({ url }) => url)).toEqual([URL_BY_NAME, URL_BY_ADDRESS, URL_BY_ADDRESS]);
    const init = asked[1]?.init;
    expect(init?.tls).toEqual({ serverName: "lanyard-issuer.lanyard-system.svc" });
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({
      accept: "application/json",
      host: "lanyard-issuer.lanyard-system.svc",
    });
  });

  test("keeps the port of the mesh", async () => {
    const { fetch, asked } = route(unresolved, "[fd00::5]");
    await fetch("https://lanyard-issuer.lanyard-system.svc:4282/identities");
    expect(asked[1]?.url).toBe("https://[fd00::5]:4282/identities");
  });

  test("is the address after 1 s of a resolver that does not answer", async () => {
    const { fetch, asked, clock } = route(
      (url, init) => (url === URL_BY_NAME ? hanging(url, init) : ok()),
      "10.96.0.5",
    );
    const reply = fetch(URL_BY_NAME);
    await clock.advance(999);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect((await reply).status).toBe(200);
    expect(asked[1]?.url).toBe(URL_BY_ADDRESS);
  });

  test("is the name again once the address fails, as when the Service was recreated", async () => {
    let isAddressGood = true;
    const { fetch, asked } = route(async (url) => {
      if (isAddressGood === (url === URL_BY_NAME)) throw new Error("unreachable");
      return new Response("{}");
    }, "10.96.0.5");
    await fetch(URL_BY_NAME);
    isAddressGood = false;
    await fetch(URL_BY_NAME);
    expect(asked.map(({ url }) => url)).toEqual([URL_BY_NAME, URL_BY_ADDRESS, URL_BY_ADDRESS, URL_BY_NAME]);
  });

  test.each([
    ["is the name alone without an address", URL_BY_NAME, undefined],
    ["is the name alone without TLS, which verifies it", "http://lanyard-issuer.lanyard-system.svc/", "10.96.0.5"],
  ])("%s", async (_name, url, address) => {
    const { fetch, asked } = route(unresolved, address);
    const failing = url.startsWith("http:") ? fetch(url).then(() => "answered") : fetch(url);
    await failing.catch(() => {});
    expect(asked.map((one) => one.url)).toEqual([url]);
  });

  test("ends when its caller gives up", async () => {
    const { fetch, asked } = route(hanging, "10.96.0.5");
    const abort = new AbortController();
    const reply = fetch(URL_BY_NAME, { signal: abort.signal });
    abort.abort(new Error("too long"));
    await expect(reply).rejects.toThrow("too long");
    expect(asked).toHaveLength(1);
  });
});
