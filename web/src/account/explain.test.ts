// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { PaymentDetail, PaymentKind, PaymentState } from "../api/types";
import { explain, headline, refusalWords } from "./explain";
import { words } from "./words";

const cny = (amount: string) => ({ amount, currency: "CNY" });
const paid: PaymentDetail = {
  id: "pay_1",
  kind: "merchant_payment",
  state: "succeeded",
  refusal: null,
  amount: cny("20.00"),
  captured: cny("20.00"),
  refunded: cny("0.00"),
  refundable: cny("20.00"),
  disputed: cny("0.00"),
  merchant: { id: "m", name: "Books" },
  order_ref: "",
  memo: "",
  instrument: "wallet",
  original: null,
  next_check_at: null,
  received: null,
  counterparty: null,
  created_at: "2026-11-05T01:00:00Z",
  direction: "out",
  held_until: null,
  hold_ended: null,
  refunds: [],
};
const person = { ...paid, kind: "person_to_person" as const, merchant: null, counterparty: "Li Na" };
const held = {
  ...paid,
  state: "requires_capture" as const,
  captured: cny("0.00"),
  refundable: cny("0.00"),
  held_until: "2026-11-12T01:00:00Z",
};
const read = { amount: ({ amount }: { amount: string }) => amount, moment: (iso: string) => iso.slice(0, 10) };
const told = (payment: PaymentDetail) => explain(payment, words.en, read);

describe("an exchange", () => {
  it("says what was given and what came of it", () => {
    const done = { ...paid, kind: "exchange" as const, merchant: null, received: cny("144.31") };
    expect(told(done).what[0]).toBe("You exchanged 20.00 for 144.31.");
    expect(told({ ...done, state: "failed", refusal: "rate_changed", received: null }).why).toContain("rate changed");
  });
});

describe("while a bank does not tell", () => {
  const withdrawal = { ...paid, kind: "withdrawal" as const, merchant: null };
  it("says what is open, what not to do, and when we ask again", () => {
    const open = told({ ...withdrawal, state: "unknown", next_check_at: "2026-11-06T01:00:00Z" });
    expect(open.what[0]).toContain("has not told us");
    expect(open.next).toContain("do not do this again");
    expect(open.next).toContain("2026-11-06");
    expect(told({ ...withdrawal, state: "unknown" }).next).toContain("A colleague");
    expect(told({ ...withdrawal, state: "returned" }).what[0]).toContain("in your wallet again");
  });
  it("counts nothing that has not come in", () => {
    const topUp = { ...paid, kind: "top_up" as const, direction: "in" as const };
    expect(headline({ ...topUp, state: "unknown" }).sign).toBe("");
    expect(headline({ ...topUp, state: "succeeded" }).sign).toBe("+");
    expect(headline({ ...withdrawal, state: "unknown" }).sign).toBe("−");
  });
});

describe("what happened", () => {
  it.each<[string, PaymentDetail, string[]]>([
    ["a purchase", paid, ["You paid 20.00 to Books."]],
    ["money sent", person, ["You sent 20.00 to Li Na. It arrived at once."]],
    ["money got", { ...person, direction: "in" }, ["Li Na sent you 20.00."]],
    ["a refund", { ...paid, kind: "refund", direction: "in" }, ["Books gave you 20.00 back. It is in your wallet."]],
    [
      "a part refunded",
      { ...paid, refunded: cny("5.00"), refundable: cny("15.00") },
      ["You paid 20.00 to Books.", "5.00 of it was given back to you; 15.00 could still be."],
    ],
    [
      "one that the bank of the card looks into",
      { ...paid, instrument: "card ····4242", refundable: cny("0.00"), disputed: cny("20.00") },
      ["You paid 20.00 to Books.", words.en.explain.disputed("20.00")],
    ],
    [
      "a part refunded, the rest with the bank of the card",
      { ...paid, refunded: cny("5.00"), refundable: cny("0.00"), disputed: cny("15.00") },
      ["You paid 20.00 to Books.", "5.00 of it was given back to you.", words.en.explain.disputed("15.00")],
    ],
    [
      "all refunded",
      { ...paid, refunded: cny("20.00"), refundable: cny("0.00") },
      ["You paid 20.00 to Books.", "All of it was given back to you."],
    ],
    ["a hold", held, ["Books has put 20.00 on hold. It is still yours, but you cannot spend it."]],
    [
      "a hold taken in part",
      {
        ...held,
        state: "succeeded",
        captured: cny("12.00"),
        hold_ended: { how: "captured", at: "2026-11-06T00:00:00Z" },
      },
      ["Books had put 20.00 on hold and took 12.00 on 2026-11-06.", "The other 8.00 was set free at once."],
    ],
    [
      "a hold let go",
      { ...held, state: "canceled", hold_ended: { how: "canceled", at: "2026-11-06T00:00:00Z" } },
      ["Books let go of the 20.00 on hold on 2026-11-06. All of it is yours again; nothing was taken."],
    ],
    [
      "a hold that ended by itself",
      { ...held, state: "canceled", hold_ended: { how: "expired", at: "2026-11-12T00:00:00Z" } },
      ["Books did not take the 20.00 on hold in time, so it was set free on 2026-11-12. Nothing was taken."],
    ],
  ])("%s", (_name, payment, sentences) => expect(told(payment).what).toEqual(sentences));
});

it.each<[string, PaymentDetail, string, string]>([
  ["a purchase", paid, "−", "20.00"],
  ["a hold", held, "−", "20.00"],
  ["a hold taken in part", { ...held, state: "succeeded", captured: cny("12.00") }, "−", "12.00"],
  ["money got", { ...person, direction: "in" }, "+", "20.00"],
  ["what failed", { ...paid, state: "failed", captured: cny("0.00") }, "", "20.00"],
  ["what was let go", { ...held, state: "canceled" }, "", "20.00"],
])("the figure of %s", (_name, payment, sign, amount) =>
  expect(headline(payment)).toMatchObject({ sign, amount: cny(amount) }),
);

describe("what happens next", () => {
  it("says until when money is held", () => expect(told(held).next).toContain("up to 20.00 until 2026-11-12"));
  it("says that a gift does not come back by itself", () => expect(told(person).next).toContain("only come back"));
});

describe("why not", () => {
  it("is the refusal in the customer's words", () => {
    const refused = told({ ...paid, state: "failed", refusal: "insufficient_funds", captured: cny("0.00") });
    expect(refused.what).toEqual(["The payment of 20.00 to Books did not go through. No money was taken."]);
    expect(refused.why).toContain("not enough money");
  });
  it("has words for a code that is new", () =>
    expect(refusalWords("never_seen", words.en)).toBe(words.en.refusedFallback));
  it("is nothing where nothing was refused", () => expect(told(paid).why).toBeNull());
});

it("every kind in every state has whole sentences, in every language", () => {
  const kinds = Object.keys(words.en.paymentKind) as PaymentKind[];
  const states = Object.keys(words.en.paymentState) as PaymentState[];
  for (const t of Object.values(words))
    for (const kind of kinds)
      for (const state of states)
        for (const direction of ["in", "out"] as const) {
          const { what, next } = explain({ ...paid, kind, state, direction }, t, read);
          for (const sentence of [...what, next]) expect(sentence, `${t.locale} ${kind} ${state}`).toMatch(/[.。]$/);
          expect(what.length).toBeGreaterThan(0);
        }
});

it("the Chinese pages have a word for every refusal that the English one has", () => {
  for (const t of [words["zh-Hans"], words["zh-Hant"]])
    expect(Object.keys(t.refusal).sort()).toEqual(Object.keys(words.en.refusal).sort());
});
