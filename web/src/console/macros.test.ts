// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { MacroDetail } from "../api/types";
import { bodyOf, draftOf, faultOf, macroPlaces, saysTheSame, strayIn, withPlace, type MacroDraft } from "./macros";

const person = { id: "stf_1", name: "Ben" };
const detail: MacroDetail = {
  id: 3,
  name: "Hello",
  version: 2,
  writes: true,
  needs_payment: false,
  actions: { state_after: "pending_customer", assign_to: "stf_1", assignee: person, snooze_hours: 24 },
  retired: false,
  updated_at: "2026-09-15T10:00:00Z",
  updated_by: person,
  text_en: "Hello {customer_name}.",
  text_zh: "{customer_name}，您好。",
  history: [],
};
const draft = (more: Partial<MacroDraft> = {}): MacroDraft => ({ ...draftOf(detail), ...more });

describe("a draft", () => {
  it("is what stands there, and comes back as it was", () => {
    expect(bodyOf(draftOf(detail))).toEqual({
      name: "Hello",
      text_en: "Hello {customer_name}.",
      text_zh: "{customer_name}，您好。",
      state_after: "pending_customer",
      assign_to: "stf_1",
      snooze_hours: 24,
    });
    expect(bodyOf(draftOf(null))).toEqual({
      name: "",
      text_en: "",
      text_zh: "",
      state_after: null,
      assign_to: null,
      snooze_hours: 0,
    });
  });
  it("says the same but for space around", () => {
    expect(saysTheSame(draft(), draft({ name: " Hello ", version: 9 }))).toBe(true);
    expect(saysTheSame(draft(), draft({ assign: "me" }))).toBe(false);
  });
});

describe("braces", () => {
  it("open each place", () => {
    for (const place of macroPlaces) expect(strayIn(`a {${place}} b`)).toBeNull();
    expect(strayIn("{{customer}} }}")).toBeNull();
  });
  it.each([
    ["{customer}", "{customer}"],
    ["{1}", "{1}"],
    ["{}", "{}"],
    ["a { b", "{"],
    ["a } b", "}"],
    ["{customer_name} {customer name}", "{customer name}"],
  ])("that open none are named: %s", (text, word) => expect(strayIn(text)).toBe(word));
});

describe("what would be refused", () => {
  it("is nothing of a whole one", () => {
    expect(faultOf(draft())).toBeNull();
    expect(faultOf(draft({ text_en: "", text_zh: " " }))).toBeNull();
  });
  it.each<[string, Partial<MacroDraft>, object]>([
    ["no name", { name: " " }, { kind: "name_missing" }],
    ["one language", { text_zh: "" }, { kind: "language_missing", language: "zh" }],
    ["the other", { text_en: "" }, { kind: "language_missing", language: "en" }],
    ["a place that there is not", { text_zh: "{name}" }, { kind: "stray", word: "{name}" }],
    ["hours that are none", { hours: "a day" }, { kind: "hours_wrong" }],
    ["no hours", { hours: "0" }, { kind: "hours_wrong" }],
    ["half an hour", { hours: "0.5" }, { kind: "hours_wrong" }],
    ["too many hours", { hours: "2161" }, { kind: "hours_wrong" }],
    ["sleep of what is solved", { state: "solved" }, { kind: "solved_sleeps" }],
    ["nothing", { text_en: "", text_zh: "", state: "", assign: "", hours: "" }, { kind: "nothing" }],
  ])("%s", (_, more, fault) => expect(faultOf(draft(more))).toEqual(fault));
});

it("a place goes where the cursor is", () =>
  expect(withPlace("Hello you.", 6, 9, "customer_name")).toEqual({ text: "Hello {customer_name}.", cursor: 21 }));
