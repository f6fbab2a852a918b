import { describe, expect, test } from "vitest";
import { cloudOf } from "../../identity/cloud-audiences.ts";
import { refusals } from "../../identity/reasons.ts";

describe("an audience of a cloud", () => {
  test.each([
    ["https://storage.azure.com", "Azure"],
    ["https://storage.azure.com/", "Azure"],
    ["https://STORAGE.azure.com/.default", "Azure"],
    ["https://management.azure.com/", "Azure"],
    ["https://vault.azure.net", "Azure"],
    ["https://my-vault.vault.azure.net", "Azure"],
    ["https://account.blob.core.windows.net/", "Azure"],
    ["https://servicebus.azure.net//", "Azure"],
    ["https://database.windows.net", "Azure"],
    ["https://graph.microsoft.com", "Azure"],
    ["sts.amazonaws.com", "AWS"],
    ["https://s3.eu-central-1.amazonaws.com", "AWS"],
    ["https://storage.googleapis.com/", "Google Cloud"],
  ])("%s is %s's own", (audience, name) => expect(cloudOf(audience)?.name).toBe(name));

  test.each([
    "https://orders.shop.svc",
    "https://storage.azure.com.evil.svc",
    "https://notstorage.azure.co",
    "api://orders",
    "",
    "https://xamazonaws.com",
    "a b.amazonaws.com",
  ])("%j is no cloud's", (audience) => expect(cloudOf(audience)).toBeUndefined());

  test("is refused with what to do, and never with advice to register it", () => {
    const { code, sentence } = refusals.AudienceNotRegistered("https://storage.azure.com", [
      "https://storage.shop.svc",
    ]);
    expect(code).toBe("AudienceNotRegistered");
    expect(sentence).toContain("Azure");
    expect(sentence).toContain("lanyard.dev/skip-containers");
    expect(sentence).not.toMatch(/Did you mean|create one/);
  });
});
