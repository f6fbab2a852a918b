import { expect, test } from "vitest";
import { issuerAudit } from "../../cli/process/audit-sinks.ts";
import { refusedRecord } from "../../issuer/audit.ts";
import { RefusalDigest } from "../../issuer/refusal-digest.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { textLog } from "../support/issuer-world.ts";

/** A digest that writes to the audit log as the issuer process does. */
function issuerTrail() {
  const clock = new FakeClock();
  const lines: string[] = [];
  const sink = issuerAudit({ auditLog: textLog(lines), clock }, "all");
  const digest = new RefusalDigest(sink.audit, clock);
  return {
    clock,
    refuse(sourceAddress: string): void {
      const request = { traceId: "ab".repeat(16), sourceAddress };
      digest.add(refusedRecord({ endpoint: "POST /oauth2/token", request, notes: {} }, "SubjectTokenInvalid", clock));
    },
    stop(): void {
      digest.stop();
      sink.flush();
    },
    counts: () => lines.map((line): number => JSON.parse(line).audit.count ?? 1),
  };
}

test.each([1, 3])("every refusal is counted once over several minutes, from %i addresses", async (addresses) => {
  const { clock, refuse, stop, counts } = issuerTrail();
  for (let sent = 0; sent < 1_500; sent++) {
    refuse(`10.0.0.${sent % addresses}`);
    await clock.advance(100);
  }
  stop();
  expect(counts().reduce((sum, count) => sum + count, 0)).toBe(1_500);
  // Two records a minute: the first refusal, and the number of the others.
  expect(counts().length).toBeLessThanOrEqual(6);
});
