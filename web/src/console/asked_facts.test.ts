// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { TicketEvent } from "../api/types";
import { en } from "../i18n/en";
import { askedWordsOf } from "../i18n/facts";
import { zh } from "../i18n/zh";
import { factsIn, givenIn, missingIn, namedBy, outcomeWords } from "./asked_facts";

const event = (kind: string, detail: Record<string, unknown>): TicketEvent => ({
  at: "2026-11-05T01:00:00Z",
  kind,
  actor: { kind: "system", name: "" },
  detail,
});
const named = namedBy(en.missing, en.comma);

describe("facts that were asked for", () => {
  it("stand in the events by their names, with a space between", () => {
    expect(factsIn(event("facts_asked", { facts: "amount transaction_time" }), "facts")).toEqual([
      "amount",
      "transaction_time",
    ]);
    expect(factsIn(event("facts_given", { facts: "", missing: "amount" }), "facts")).toEqual([]);
    expect(factsIn(event("facts_given", {}), "missing")).toEqual([]);
  });
  it("are given once each, however often somebody answers", () =>
    expect(
      givenIn([
        event("facts_asked", { facts: "transaction_id amount" }),
        event("facts_given", { facts: "amount", missing: "transaction_id" }),
        event("facts_given", { facts: "transaction_time amount", missing: "" }),
      ]),
    ).toEqual(["amount", "transaction_time"]));
  it("are missing as the request says", () =>
    expect(
      missingIn({
        facts: [
          { fact: "amount", missing: true },
          { fact: "new_value", missing: false },
        ],
        asked_at: "2026-11-05T01:00:00Z",
        answered_at: null,
      }),
    ).toEqual(["amount"]));
});

describe("what came of the question", () => {
  const w = askedWordsOf("en");
  it("is said in plain words", () => {
    expect(outcomeWords(["amount"], ["transaction_time"], named, w)).toBe("Given: amount; still missing: time");
    expect(outcomeWords(["amount", "transaction_time"], [], named, w)).toBe("Given: amount, time");
    expect(outcomeWords([], ["amount"], named, w)).toBe("They answered, none of it stated; still missing: amount");
    expect(outcomeWords(["amount"], ["new_value"], namedBy(zh.missing, zh.comma), askedWordsOf("zh"))).toBe(
      "已提供：金额；尚缺：新的内容",
    );
  });
  it("keeps a name that has no words", () => expect(named(["amount", "later_fact"])).toBe("amount, later_fact"));
});
