import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { serviceNamespaceOf } from "../../identity/service-audience.ts";
import { property } from "../support/property.ts";

describe("an audience of a Service in payments", () => {
  test.each([
    ...[
      "https://api.payments.svc",
      "http://api.payments.svc",
      "api://api.payments.svc",
      "api.payments.svc",
      "//api.payments.svc",
    ],
    ...[
      "https://api.payments.svc/",
      "https://api.payments.svc/v1",
      "https://api.payments.svc?x",
      "https://api.payments.svc#x",
    ],
    ...["https://api.payments.svc:443", "api.payments.svc:8443", "https://api.payments.svc:8443/.default"],
    ...[
      "https://api.payments.svc.cluster.local",
      "https://api.payments.svc.k8s.example.com",
      "https://api.payments.svc.",
    ],
    ...["HTTPS://API.Payments.SVC", "https://api.payments.svc.cluster.local.", "tcp://api.payments.svc:9092"],
    ...["https://api-0.api.payments.svc", "https://user@api.payments.svc", "https://a:b@api.payments.svc:1"],
    ...["https:api.payments.svc", "https:///api.payments.svc", "https:\\\\api.payments.svc\\x", "api:api.payments.svc"],
    ...["https://api%2epayments%2Esvc", "https://api%E3%80%82payments%EF%BC%8Esvc", "https://api.%70ayments.svc"],
  ])("%s", (audience) => expect(serviceNamespaceOf(audience)).toBe("payments"));
});

test.each([
  ...["https://payments.example.com", "api://orders", "https://payments.svc", "urn:payments", "orders", ""],
  ...["https://example.com/api.payments.svc", "https://api.payments.svcx", "https://api.payments.svc@example.com"],
  ...["https://a.b.c.payments.svc", "https://[::1]:80", "https://%zz"],
])("%s names no Service", (audience) => expect(serviceNamespaceOf(audience)).toBeUndefined());

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/).filter((text) => text !== "svc" && !text.startsWith("xn"));
property("case, port and path make no other namespace", [label, label, fc.nat(65535)], (service, namespace, port) => {
  const spelled = `https://${service}.${namespace}.svc`;
  return [spelled, `${spelled.toUpperCase()}:${port}/x`, `api://${spelled.slice(8)}.`].every(
    (audience) => serviceNamespaceOf(audience) === namespace,
  );
});
