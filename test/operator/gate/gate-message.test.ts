import fc from "fast-check";
import { expect, test } from "vitest";
import { gateMessage } from "../../../operator/gate/gate-message.ts";
import { property } from "../../support/property.ts";

const notReady = (sentence: unknown): string => JSON.stringify({ message: "not ready", code: "X", sentence });

test.each([
  { text: notReady("The issuer cannot be reached."), says: "The issuer cannot be reached." },
  { text: `{"message":"listening"}\n${notReady("First.")}\n${notReady("Last.")}\n`, says: "Last." },
  { text: `${notReady("It was so.")}\n{"message":"ready"}`, says: undefined },
  { text: notReady(7), says: undefined },
  { text: notReady(""), says: undefined },
  { text: '{"message":"not ready","sent', says: undefined },
  { text: "", says: undefined },
])("$text says $says", ({ text, says }) => expect(gateMessage(text)).toBe(says));

property("whatever a container wrote, nothing is thrown", [fc.string()], (text) => {
  const said = gateMessage(text);
  expect(said === undefined || said.length > 0).toBe(true);
});
