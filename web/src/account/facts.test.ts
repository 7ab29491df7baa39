// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { FactName } from "../api/types";
import { amountTyped, answerOf, knownOf, lastFourTyped, missingOf, saidMissing, shownFacts, type Given } from "./facts";
import { factWords } from "./words_facts";

const at = "2026-11-05T01:00:00Z";
const later = "2026-11-05T02:00:00Z";
const found = (missing: FactName[], known: FactName[] = [], pictures: string[] = []) => ({
  asked_facts: {
    facts: [...missing.map((fact) => ({ fact, missing: true })), ...known.map((fact) => ({ fact, missing: false }))],
    asked_at: at,
    answered_at: null,
  },
  files: pictures.map((handedIn) => ({ id: "f", name: "screen.png", media_type: "image/png", size: 9, at: handedIn })),
});
const nothing: Given = { payment: null, values: {}, notInList: false, words: "" };
const payment: FactName[] = ["transaction_id", "amount", "transaction_time"];
const en = factWords.en;

describe("what a request still needs", () => {
  it("is apart from what is known", () => {
    const some = found(["amount"], ["transaction_time"]);
    expect(missingOf(some)).toEqual(["amount"]);
    expect(knownOf(some)).toEqual(["transaction_time"]);
    expect(missingOf({ asked_facts: null, files: [] })).toEqual([]);
  });
  it("is not said of the screen once a picture was handed in after the question", () => {
    const facts: FactName[] = ["error_code_or_message", "problem_description"];
    expect(saidMissing(found(facts))).toEqual(facts);
    expect(saidMissing(found(facts, [], ["2026-11-05T00:59:00Z"]))).toEqual(facts);
    expect(saidMissing(found(facts, [], [later]))).toEqual(["problem_description"]);
  });
  it("shows no amount and no day beside a payment that was picked", () => {
    expect(shownFacts([...payment, "new_value"], false)).toEqual([...payment, "new_value"]);
    expect(shownFacts([...payment, "new_value"], true)).toEqual(["transaction_id", "new_value"]);
  });
});

describe("an amount and four digits", () => {
  it.each([
    ["", ""],
    [" 12.50 ", "12.50"],
    ["1,280.00", "1280.00"],
    ["１２．５０", "12.50"],
    ["12,50", null],
    ["0", null],
    ["-5", null],
    ["twelve", null],
  ])("%j is %j", (typed, amount) => expect(amountTyped(typed)).toBe(amount));
  it.each([
    ["", ""],
    ["0003", "0003"],
    ["４２４２", "4242"],
    ["424", null],
    ["42 4", null],
  ])("the digits %j are %j", (typed, digits) => expect(lastFourTyped(typed)).toBe(digits));
});

describe("the answer", () => {
  it("is none where nothing is given", () => {
    expect(answerOf(payment, nothing, en, ": ")).toBeNull();
    expect(answerOf([], { ...nothing, words: "  \n" }, en, ": ")).toBeNull();
    expect(answerOf(payment, { ...nothing, values: { amount: "", transaction_time: "" } }, en, ": ")).toBeNull();
  });
  it("is the words alone where nothing was asked for", () =>
    expect(answerOf([], { ...nothing, words: " Thank you. " }, en, ": ")).toEqual({ text: "Thank you." }));
  it("says each fact on a line of its own, in the language of the page, and then the words", () => {
    const given = {
      ...nothing,
      values: { amount: "12.50 EUR", transaction_time: "2026-11-05 14:30", new_value: "" },
      words: "It was at the airport.",
    };
    expect(answerOf([...payment, "new_value"], given, en, ": ")).toEqual({
      text: "Amount: 12.50 EUR\nWhen: 2026-11-05 14:30\n\nIt was at the airport.",
      facts: ["amount", "transaction_time"],
    });
    expect(answerOf(payment, given, factWords["zh-Hans"], "：")?.text).toBe(
      "金额：12.50 EUR\n时间：2026-11-05 14:30\n\nIt was at the airport.",
    );
  });
  it("names a payment that was picked, and leaves its amount and day to it", () => {
    const given = { ...nothing, payment: "pay_1", values: { amount: "3", card_last4: "4242" } };
    expect(answerOf([...payment, "card_last4"], given, en, ": ")).toEqual({
      text: "Last four digits of the card: 4242",
      payment: "pay_1",
      facts: ["card_last4"],
    });
    expect(answerOf(payment, { ...nothing, payment: "pay_1" }, en, ": ")).toEqual({ payment: "pay_1" });
  });
  it("says that the payment is not in the list, which names no payment", () =>
    expect(answerOf(payment, { ...nothing, notInList: true, values: { amount: "3 CNY" } }, en, ": ")).toEqual({
      text: "Payment: It is not in the list\nAmount: 3 CNY",
      facts: ["amount"],
    }));
  it("counts any words as what happened, where that was asked for", () => {
    const asked: FactName[] = ["problem_description"];
    expect(answerOf(asked, { ...nothing, words: "It froze." }, en, ": ")).toEqual({ text: "It froze.", facts: asked });
    const both = { ...nothing, values: { problem_description: "It froze." }, words: "Thank you." };
    expect(answerOf(asked, both, en, ": ")?.facts).toEqual(asked);
  });
});
