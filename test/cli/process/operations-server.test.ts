import { Counter, Registry } from "prom-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOperationsServer } from "../../../cli/process/operations-server.ts";
import { drain, listen } from "../../../cli/process/servers.ts";

const registry = new Registry();
new Counter({ name: "lanyard_probe_total", help: "One, for this test.", registers: [registry] }).inc();

let problem: string | undefined;
let standstill: string | undefined;
const health = { notReady: () => problem, notLive: () => standstill };
const server = () => createOperationsServer({ registry, health });
let running = server();
let origin = "";

beforeEach(async () => {
  problem = undefined;
  standstill = undefined;
  running = server();
  origin = `http://127.0.0.1:${await listen(running, 0)}`;
});
afterEach(async () => {
  running.closeAllConnections();
  await drain(running);
});

test("a process that does its work is alive and ready", async () => {
  expect((await fetch(`${origin}/livez`)).status).toBe(200);
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
});

test("one that does not is alive, not ready, and says why: a restart would not help", async () => {
  problem = "reading the cluster's state";
  expect((await fetch(`${origin}/livez`)).status).toBe(200);
  const ready = await fetch(`${origin}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { status: "reading the cluster's state" }]);
});

test("one that stands still is not live, and says why", async () => {
  standstill = "the watch of pods has stood still for 700 s";
  const live = await fetch(`${origin}/livez`);
  expect([live.status, await live.json()]).toEqual([503, { status: standstill }]);
});

test("metrics are in the format that Prometheus reads", async () => {
  const reply = await fetch(`${origin}/metrics`);
  expect(reply.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await reply.text()).toContain("lanyard_probe_total 1");
});

test.each([
  ["POST", "/metrics", 405],
  ["GET", "/oauth2/token", 404],
  ["GET", "/msi/token", 404],
])("%s %s is answered with %d: no token is served here", async (method, path, status) => {
  expect((await fetch(origin + path, { method })).status).toBe(status);
});
