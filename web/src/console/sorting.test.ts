// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Reading } from "../api/types";
import { apiEn } from "../i18n/api_en";
import {
  atDigit,
  categoryChoices,
  digitOf,
  emptySort,
  handsOver,
  isComplete,
  isUntouched,
  prefilled,
  reasonsOf,
  typedOnly,
  wishOf,
  type HandOver,
  type SortDraft,
  type Sorted,
} from "./sorting";

const nothing = { amounts: [], datetimes: [], transaction_ids: [], error_codes: [] };
const reading = (more: Partial<Reading> = {}): Reading => ({
  ...nothing,
  category: "payment_failed",
  secondary: [],
  confidence: 0.83,
  because: [],
  in_pictures: nothing,
  missing: [],
  flags: [],
  ...more,
});
const inPicture = (fact: string) => `${fact} (picture)`;
const now: Sorted = { category: "refund", urgency: "normal", route: "agent" };
const empty = prefilled(reading(), inPicture);
const form = (more: Partial<HandOver>): HandOver => ({ ...empty, ...more });
const draft = (more: Partial<SortDraft>): SortDraft => ({ ...emptySort, ...more });
const wish = (more: Partial<SortDraft>, filled = empty) => wishOf(draft(more), filled, now, 4, "en");

describe("what is offered", () => {
  it("every category that people may set, once", () => {
    expect(categoryChoices).toHaveLength(Object.keys(apiEn.category).length - 1);
    expect(categoryChoices).not.toContain("auto_generated");
    expect(new Set(categoryChoices).size).toBe(categoryChoices.length);
  });
  it("the first nine have a digit", () => {
    expect([0, 8, 9].map(digitOf)).toEqual(["1", "9", null]);
    expect(atDigit("1", categoryChoices)).toBe(categoryChoices[0]);
    expect(atDigit("9", categoryChoices)).toBe(categoryChoices[8]);
    for (const key of ["0", "a", "12", "Enter"]) expect(atDigit(key, categoryChoices)).toBeNull();
    expect(atDigit("3", categoryChoices.slice(0, 2))).toBeNull();
  });
});

describe("the form for the technical team", () => {
  it("begins with what the mail says and nothing more", () => {
    expect(empty).toEqual({ what_happens: "", steps: "", error_code: "", since: "", device: "", tried: "" });
    const known = reading({
      error_codes: ["E-3007", "E-9"],
      datetimes: ["2026-11-30T18:05", "2026-12-01"],
      in_pictures: { ...nothing, error_codes: ["E-9"], datetimes: ["2026-11-30T18:05"] },
    });
    expect(prefilled(known, inPicture)).toEqual({
      ...empty,
      error_code: "E-3007, E-9 (picture)",
      since: "2026-11-30 18:05 (picture), 2026-12-01",
    });
  });
  it("leaves out what does not fit as a whole", () => {
    const long = "E".repeat(199);
    expect(prefilled(reading({ error_codes: [long, "E-2"] }), inPicture).error_code).toBe(long);
  });
  it("needs what happens, and the steps or a code", () => {
    expect(isComplete(form({ what_happens: "White page", steps: "Pay" }))).toBe(true);
    expect(isComplete(form({ what_happens: "White page", error_code: "E-1" }))).toBe(true);
    expect(isComplete(form({ what_happens: "White page", steps: " " }))).toBe(false);
    expect(isComplete(form({ what_happens: " ", steps: "Pay", error_code: "E-1" }))).toBe(false);
  });
  it("is for who has not got it", () => {
    expect(handsOver(draft({ team: "technical_team" }), now)).toBe(true);
    expect(handsOver(draft({ team: "technical_team" }), { route: "technical_team" })).toBe(false);
    expect(handsOver(draft({ team: "risk_team" }), now)).toBe(false);
  });
});

describe("what is sent", () => {
  it("is what differs from now", () => {
    expect(wish({})).toBeNull();
    expect(wish({ category: "refund", urgency: "normal", team: "agent", note: "So it was." })).toBeNull();
    expect(wish({ category: "card" })).toEqual({ version: 4, language: "en", category: "card" });
    expect(wish({ category: "refund", urgency: "high", note: " Salary day. " })).toEqual({
      version: 4,
      language: "en",
      urgency: "high",
      note: "Salary day.",
    });
  });
  it("with the form, once that says enough, and without what is empty", () => {
    expect(wish({ team: "technical_team" })).toBeNull();
    expect(wish({ team: "technical_team", note: "unseen" }, form({ what_happens: " White ", steps: "Pay" }))).toEqual({
      version: 4,
      language: "en",
      team: "technical_team",
      form: { what_happens: "White", steps: "Pay" },
    });
  });
  it("what was typed outlives the dialog, what was chosen does not", () => {
    const typed = form({ what_happens: "White" });
    const kept = typedOnly(draft({ category: "card", team: "technical_team", note: "Why", form: typed }));
    expect(kept).toEqual(draft({ note: "Why", form: typed }));
    expect(isUntouched(kept)).toBe(true);
    expect(isUntouched(draft({ urgency: "low" }))).toBe(false);
  });
});

it("words that carried a decision are in the order in which they are read", () => {
  const one = (decision: string, words: string) => ({ decision, value: "x", words });
  const because = [
    one("flag", "a"),
    one("missing", "b"),
    one("category", "c"),
    one("urgency", "d"),
    one("category", "e"),
  ];
  expect(reasonsOf(because).map(({ words }) => words)).toEqual(["c", "e", "d", "a"]);
});
