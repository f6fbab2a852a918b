import { expect, test } from "vitest";
import { watchIssuerAddress } from "../../webhook/issuer-address.ts";
import { FakeClock } from "../support/fake-clock.ts";

test("follows the Service, and keeps the last address while the name does not resolve", async () => {
  const clock = new FakeClock();
  const answers: (string | undefined)[] = [undefined, "10.96.0.5", undefined, "10.96.0.9"];
  const asked: string[] = [];
  const lookup = async (host: string) => {
    asked.push(host);
    const address = answers.shift();
    if (address === undefined) throw new Error("ENOTFOUND");
    return { address };
  };
  const issuer = watchIssuerAddress({ url: "https://lanyard-issuer.lanyard-system.svc", lookup, clock });
  const seen: (string | undefined)[] = [];
  await clock.advance(0);
  for (let minute = 0; minute < 4; minute++) {
    seen.push(issuer.current());
    await clock.advance(60_000);
  }
  expect(seen).toEqual([undefined, "10.96.0.5", "10.96.0.5", "10.96.0.9"]);
  expect(new Set(asked)).toEqual(new Set(["lanyard-issuer.lanyard-system.svc"]));
  issuer.stop();
  expect(clock.pending).toBe(0);
});

test("an address in the URL needs no other", async () => {
  const lookup = () => Promise.reject(new Error("asked"));
  const issuer = watchIssuerAddress({ url: "https://[fd00::5]:443", lookup, clock: new FakeClock() });
  expect(issuer.current()).toBeUndefined();
});
