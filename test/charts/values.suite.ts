import { expect, test } from "vitest";
import { render } from "./chart.ts";

test.each<[object, string]>([
  [{ typo: 1 }, "'typo' not allowed"],
  [{ webhook: { replica: 1 } }, "'replica' not allowed"],
  [{ global: { imageRegistri: "example.com" } }, "'imageRegistri' not allowed"],
  [{ global: { storageClass: "fast" } }, "'storageClass' not allowed"],
  [{ global: { imageRegistry: "https://example.com" } }, "/global/imageRegistry"],
  // Without a host it would be a repository of docker.io.
  [{ image: { registry: "team" } }, "/image/registry"],
  [{ image: { registry: "example.com/" } }, "/image/registry"],
  [{ image: { repository: "" } }, "/image/repository"],
  [{ image: { tag: "a b" } }, "/image/tag"],
  [{ image: { digest: "sha256:0" } }, "/image/digest"],
  [{ image: { pullPolicy: "Sometimes" } }, "/image/pullPolicy"],
  [{ imagePullSecrets: ["registry"] }, "/imagePullSecrets/0"],
  [{ logLevel: "loud" }, "/logLevel"],
  [{ fullnameOverride: "Lanyard" }, "/fullnameOverride"],
  [{ operator: { replicas: "two" } }, "/operator/replicas"],
  [{ operator: { replicas: -1 } }, "/operator/replicas"],
  [{ webhook: { extraArgs: "--port=1" } }, "/webhook/extraArgs"],
  [{ webhook: { podAnnotations: { a: 1 } } }, "/webhook/podAnnotations/a"],
  [{ sidecar: { resources: { limits: { memory: "much" } } } }, "/sidecar/resources/limits/memory"],
  [{ issuer: { url: "http://id.example.com" } }, "/issuer/url"],
  [{ issuer: { url: "https://id.example.com/" } }, "/issuer/url"],
  [{ issuer: { url: "https://id.example.com?a=b" } }, "/issuer/url"],
  [{ issuer: { unregisteredAudiences: "perhaps" } }, "/issuer/unregisteredAudiences"],
  [{ issuer: { statusListTtlSeconds: 601 } }, "/issuer/statusListTtlSeconds"],
  [{ issuer: { unknownSourceAddresses: true } }, "/issuer/unknownSourceAddresses"],
  [{ certificates: { certManager: { enabled: "yes" } } }, "/certificates/certManager/enabled"],
  [{ certificates: { certManager: { issuerRef: { kind: "Secret" } } } }, "/certificates/certManager/issuerRef/kind"],
  [{ webhook: { failurePolicy: "Retry" } }, "/webhook/failurePolicy"],
  [{ webhook: { timeoutSeconds: 31 } }, "/webhook/timeoutSeconds"],
  [{ webhook: { ports: { https: 443 } } }, "/webhook/ports/https"],
  [{ issuer: { hostNetwork: "yes" } }, "/issuer/hostNetwork"],
  [{ webhook: { objectSelector: [{ key: "a", operator: "Is" }] } }, "/webhook/objectSelector/0/operator"],
  [{ priorityClass: { value: 2_000_000_000 } }, "/priorityClass/value"],
  [{ networkPolicies: { issuerFrom: {} } }, "/networkPolicies/issuerFrom"],
  [{ serviceMonitor: { interval: "soon" } }, "/serviceMonitor/interval"],
])("the values %j are refused, and what is said names the place", async (values, place) => {
  await expect(render({ values: { ...values } })).rejects.toThrow(place);
});

test.each<[object]>([
  [{ global: { imageRegistry: "registry.example.com:5000/team" } }],
  [{ image: { registry: "10.0.0.1:5000" } }],
  [{ image: { registry: "localhost:5000/lanyard" } }],
  [{ issuer: { url: "https://id.example.com/lanyard" } }],
  [{ sidecar: { resources: { limits: { memory: "1.5Gi", cpu: 1 } } } }],
  [{ webhook: { replicas: 0 } }],
])("the values %j are taken", async (values) => {
  expect(await render({ values: { ...values } })).not.toEqual([]);
});
