import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { runCommand } from "../../tools/run-command.ts";
import { tableRows } from "../docs/markdown.ts";
import { chart, only, render, withFile } from "./chart.ts";
import { findPromtool } from "./promtool.ts";

const promtool = await findPromtool();
const files = ["alerts.yaml", "alerts-vault.yaml"].map((name) => join(chart, "files", name));
const read = (file: string): { groups: { rules: { alert: string; for: string; labels: { severity: string } }[] }[] } =>
  parse(readFileSync(file, "utf8"));
const rules = files.flatMap((file) => read(file).groups.flatMap((group) => group.rules));

/** Series by their names, and their values once a minute, as promtool writes them. */
type Series = Readonly<Record<string, string>>;

const HOUR = "x60";
const running: Series = {
  'lanyard_operator_leading{process="operator",pod="a"}': `1+0${HOUR}`,
  'lanyard_operator_leading{process="operator",pod="b"}': `0+0${HOUR}`,
  ...Object.fromEntries(
    ["operator", "issuer", "webhook", "vault"].map((process) => [
      `lanyard_build_info{process="${process}"}`,
      `1+0${HOUR}`,
    ]),
  ),
  // In ten days.
  'lanyard_certificate_expiry_timestamp_seconds{certificate="lanyard-ca"}': `864000+0${HOUR}`,
  'lanyard_uninjected_pods{namespace="shop"}': `0+0${HOUR}`,
  lanyard_vault_orphaned_secrets: `0+0${HOUR}`,
};
const without = (...patterns: readonly RegExp[]): Series =>
  Object.fromEntries(Object.entries(running).filter(([name]) => !patterns.some((pattern) => pattern.test(name))));

/** Fails with what promtool says unless just these alerts fire after half an hour. */
function check(series: Series, firing: readonly string[]): Promise<string> {
  const exp_samples = firing.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 }));
  const input_series = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const promql_expr_test = [
    { expr: 'count by (alertname) (ALERTS{alertstate="firing"})', eval_time: "30m", exp_samples },
  ];
  const tests = [{ interval: "1m", input_series, promql_expr_test }];
  const suite = { rule_files: files, evaluation_interval: "1m", tests };
  return withFile(JSON.stringify(suite), (file) => runCommand([promtool ?? "", "test", "rules", file]));
}

describe.skipIf(promtool === undefined)("the alerts", () => {
  test("are rules that Prometheus takes", async () => {
    expect(await runCommand([promtool ?? "", "check", "rules", ...files])).toContain("SUCCESS");
  });

  test.each<[string, Series, readonly string[]]>([
    ["all runs", running, []],
    [
      "nothing is scraped",
      {},
      ["LanyardIssuerDown", "LanyardOperatorNotLeading", "LanyardVaultDown", "LanyardWebhookDown"],
    ],
    ["no operator is scraped", without(/operator/), ["LanyardOperatorNotLeading"]],
    [
      "operators run, and none leads",
      { ...running, 'lanyard_operator_leading{process="operator",pod="a"}': `0+0${HOUR}` },
      ["LanyardOperatorNotLeading"],
    ],
    [
      "the lead changes hands in two minutes",
      { ...running, 'lanyard_operator_leading{process="operator",pod="a"}': "1x26 0 0 1x30" },
      [],
    ],
    [
      "the operator went a while ago",
      { ...running, 'lanyard_operator_leading{process="operator",pod="a"}': "1x10 stale" },
      ["LanyardOperatorNotLeading"],
    ],
    ["no issuer is scraped", without(/issuer/), ["LanyardIssuerDown"]],
    ["no webhook is scraped", without(/webhook/), ["LanyardWebhookDown"]],
    ["no vault is scraped", without(/process="vault"/), ["LanyardVaultDown"]],
    [
      "one certificate of several has two days left",
      {
        ...running,
        'lanyard_certificate_expiry_timestamp_seconds{certificate="lanyard-issuer-serving"}': `172800+0${HOUR}`,
      },
      ["LanyardCertificateExpiring"],
    ],
    [
      "pods run without injection",
      { ...running, 'lanyard_uninjected_pods{namespace="shop"}': `2+0${HOUR}` },
      ["LanyardPodsNotInjected"],
    ],
    [
      "secrets have lost their vault",
      { ...running, lanyard_vault_orphaned_secrets: `1+0${HOUR}` },
      ["LanyardVaultSecretsOrphaned"],
    ],
  ])("%s", async (_situation, series, firing) => {
    expect(await check(series, firing)).toContain("SUCCESS");
  });

  test("the check itself fails when an alert does not fire", async () => {
    await expect(check(running, ["LanyardIssuerDown"])).rejects.toThrow("FAILED");
  });
});

test("the alerts are those of docs/reference/metrics.md", () => {
  const listed = tableRows("docs/reference/metrics.md", "Alerts").map(([alert, after, severity]) => [
    alert,
    after,
    severity,
  ]);
  expect(listed.sort()).toEqual(rules.map((rule) => [rule.alert, rule.for, rule.labels.severity]).sort());
});

test("the chart has them by choice, that of the vault where vaults are served", async () => {
  expect((await render()).filter(({ kind }) => kind === "PrometheusRule")).toEqual([]);
  const values = { prometheusRule: { enabled: true, labels: { team: "monitoring" } } };
  const rule = only(await render({ values }), "PrometheusRule", "lanyard");
  expect(rule.metadata.labels).toMatchObject({ team: "monitoring" });
  expect(rule.spec).toEqual(read(files[0] ?? ""));
  const both = only(await render({ values: { ...values, vault: { enabled: true } } }), "PrometheusRule", "lanyard");
  expect(both.spec).toEqual({ groups: files.flatMap((file) => read(file).groups) });
});
