import { describe, expect, test } from "vitest";
import { TrustBundle } from "../../sidecar/trust-bundle.ts";

const certificate = (base64: string): string => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
const old = certificate("MAA=");
const both = `${old}${certificate("MAMCAQE=")}`;

/** A file whose content the test changes; undefined while there is none. */
function bundle(content?: string) {
  const file = { content };
  const lines: { problem?: string }[] = [];
  const read = async (): Promise<string> => {
    if (file.content === undefined) throw new Error("ENOENT");
    return file.content;
  };
  return { file, lines, trust: new TrustBundle({ file: "/lanyard/ca.crt", read, write: (line) => lines.push(line) }) };
}

describe("TrustBundle", () => {
  test("is read again when it changes", async () => {
    const { file, trust, lines } = bundle(old);
    expect(await trust.certificates()).toBe(old);
    file.content = both;
    expect(await trust.certificates()).toBe(both);
    expect(lines).toEqual([]);
  });

  test.each([
    ["missing", undefined, /^the trust bundle is missing: nothing can be read at \/lanyard\/ca\.crt/],
    ["no bundle", "garbage", /^the trust bundle holds no certificate/],
  ])("says so once while the file is %s, and goes on when it is there", async (_name, content, problem) => {
    const { file, trust, lines } = bundle(content);
    for (let call = 0; call < 3; call++) await expect(trust.certificates()).rejects.toThrow(problem);
    expect(lines).toEqual([{ message: "trust bundle", problem: expect.stringMatching(problem) }]);
    file.content = old;
    expect(await trust.certificates()).toBe(old);
  });

  test.each([
    ["is gone", undefined],
    ["is broken", "garbage"],
  ])("keeps what was read last while the file %s", async (_name, content) => {
    const { file, trust, lines } = bundle(old);
    await trust.certificates();
    file.content = content;
    expect(await trust.certificates()).toBe(old);
    expect(lines).toHaveLength(1);
  });
});
